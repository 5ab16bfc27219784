// An operator at a terminal: buf curl against the suite at IPB_ADDRESS.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const buf = fileURLToPath(new URL('../node_modules/.bin/buf', import.meta.url));
const council = ['ipb-organisation: E10000019', 'ipb-actor: sw-17', 'ipb-role: social_worker'];

// buf's exit code for a refusal is its gRPC code, shifted by three bits.
function curl(path, ...options) {
  const url = `http://${process.env.IPB_ADDRESS}${path}`;
  const { status, stdout, stderr } = spawnSync(buf, ['curl', '--protocol', 'grpc', ...options, url], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status >> 3, exit: status, stdout, stderr };
}

function call(method, request) {
  const headers = council.flatMap((header) => ['--header', header]);
  return curl(`/ipb.v1.${method}`, ...headers, '--data', JSON.stringify(request));
}

const registration = {
  identifier: { kind: 'IDENTIFIER_KIND_NHS_NUMBER', value: '9990000018' },
  birth_date: '1950-03-14',
  role: 'RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE',
};

test('the services are listed', () => {
  const { exit, stdout, stderr } = curl('', '--list-services');
  assert.equal(exit, 0, stderr);
  const services = stdout.trim().split('\n');
  assert.ok(services.includes('ipb.v1.PaymentsService'), stdout);
  assert.ok(services.includes('grpc.health.v1.Health'), stdout);
});

test('every service that is listed is described', () => {
  const { exit, stdout, stderr } = curl('', '--list-methods');
  assert.equal(exit, 0, stderr);
  const methods = stdout.trim().split('\n');
  assert.ok(methods.includes('ipb.v1.PaymentsService/RecordSpending'), stdout);
  assert.ok(methods.includes('grpc.health.v1.Health/Check'), stdout);
});

test('a call is answered', () => {
  const { exit, stdout, stderr } = call('PeopleService/RegisterPerson', registration);
  assert.equal(exit, 0, stderr);
  const person = JSON.parse(stdout);
  assert.match(person.name, /^people\/[a-z0-9]+$/);
  assert.equal(person.birthDate, '1950-03-14');
});

test('health is asked as any other service', () => {
  const { exit, stdout, stderr } = curl('/grpc.health.v1.Health/Check', '--data', '{"service": "ready"}');
  assert.equal(exit, 0, stderr);
  assert.equal(JSON.parse(stdout).status, 'SERVING');
});

test('a refusal is readable', () => {
  const { code, stderr } = call('PeopleService/RegisterPerson', { ...registration, birth_date: '14/03/1950' });
  assert.equal(code, 3, stderr);
  const refusal = JSON.parse(stderr);
  assert.equal(refusal.code, 'invalid_argument');
  assert.match(refusal.message, /^birth_date: must be a date/);
  assert.deepEqual(refusal.details.map(({ type }) => type).sort(), ['google.rpc.BadRequest', 'google.rpc.ErrorInfo']);
});
