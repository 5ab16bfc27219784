// A council's system in another language: @grpc/grpc-js against the suite at IPB_ADDRESS.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import grpc from '@grpc/grpc-js';
import { Contract, call, caller } from './contract.mjs';

const council = caller('E10000019');
const contract = new Contract(process.env.IPB_ADDRESS);
let people;
let changes;

before(async () => {
  people = await contract.stub('ipb.v1.PeopleService');
  changes = await contract.stub('ipb.v1.ChangesService');
});

after(() => {
  people.close();
  changes.close();
});

const registration = (nhsNumber) => ({
  identifier: { kind: 'IDENTIFIER_KIND_NHS_NUMBER', value: nhsNumber },
  birth_date: '1950-03-14',
  role: 'RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE',
});

const register = (nhsNumber) => call(people, 'RegisterPerson', registration(nhsNumber), council);

async function refusalOf(promise) {
  const refusal = await promise.then(() => assert.fail('it was not refused'), (error) => error);
  return { code: refusal.code, message: refusal.details, ...(await contract.detailsOf(refusal)) };
}

test('every service is discovered, with its methods', async () => {
  const services = await contract.services();
  for (const name of ['People', 'Eligibility', 'Allocation', 'CarePlanning', 'Payments', 'Reviews', 'Changes',
    'Policy', 'Statements']) {
    assert.ok(services.includes(`ipb.v1.${name}Service`), `${name}Service is not among ${services}`);
    const stub = await contract.stub(`ipb.v1.${name}Service`);
    assert.ok(Object.keys(Object.getPrototypeOf(stub)).length > 0, `${name}Service has no methods`);
    stub.close();
  }
});

test('a person is registered and found again', async () => {
  const person = await register('9990000018');
  assert.match(person.name, /^people\/[a-z0-9]+$/);
  assert.equal(person.responsibilities[0].organisation, 'E10000019');
  assert.equal(person.responsibilities[0].state, 'STATE_ACCEPTED');
  const found = await call(people, 'LookupPerson', { identifier: registration('9990000018').identifier }, council);
  assert.deepEqual(found, person);
});

test('a malformed request is told every violation at once', async () => {
  const wrong = { identifier: { kind: 'IDENTIFIER_KIND_LOCAL', value: '!' }, birth_date: '14/03/1950', request_id: '7' };
  const { code, status, details } = await refusalOf(call(people, 'RegisterPerson', wrong, council));
  assert.equal(code, grpc.status.INVALID_ARGUMENT);
  assert.equal(status.code, grpc.status.INVALID_ARGUMENT);
  assert.equal(details['google.rpc.ErrorInfo'].reason, 'INVALID_FIELD');
  assert.equal(details['google.rpc.ErrorInfo'].domain, 'ipb');
  const violations = details['google.rpc.BadRequest'].field_violations;
  assert.deepEqual(violations.map(({ field }) => field).sort(), ['birth_date', 'identifier.value', 'request_id', 'role']);
  for (const { field, description } of violations) assert.ok(description, `${field} does not say what is wrong`);
});

test('whoever is not responsible is told NOT_FOUND, with what they asked for', async () => {
  const { name } = await register('9990000026');
  const { code, details } = await refusalOf(call(people, 'GetPerson', { name }, caller('E10000028')));
  assert.equal(code, grpc.status.NOT_FOUND);
  assert.equal(details['google.rpc.ErrorInfo'].reason, 'NOT_FOUND');
  assert.equal(details['google.rpc.ResourceInfo'].resource_name, name);
});

test('a preview is carried out exactly, and repeating the request gives the same reply', async () => {
  const { name } = await register('9990000034');
  const death = { parent: name, kind: 'KIND_DEATH', effective_from_date: '2025-01-02' };
  const preview = await call(people, 'RecordCircumstance', { ...death, validate_only: true }, council);
  assert.ok(preview.preview_token);
  const unchanged = await call(people, 'GetPerson', { name }, council);
  assert.equal(unchanged.death_date, '', 'a preview changed something');
  const real = { ...death, preview_token: preview.preview_token, request_id: randomUUID() };
  const made = await call(people, 'RecordCircumstance', real, council);
  assert.equal(made.preview_token, '');
  assert.equal(made.name, preview.name);
  assert.deepEqual(await call(people, 'RecordCircumstance', real, council), made);
  const { death_date: deathDate } = await call(people, 'GetPerson', { name }, council);
  assert.equal(deathDate, '2025-01-02');
  const other = { ...real, effective_from_date: '2025-01-03' };
  const { details } = await refusalOf(call(people, 'RecordCircumstance', other, council));
  assert.equal(details['google.rpc.ErrorInfo'].reason, 'REQUEST_ID_REUSED');
});

// Reads a stream of changes until it has told of `subject`, and gives the cursor of that reply with all it told.
function watchUntil(subject, cursor) {
  return new Promise((resolve, reject) => {
    const stream = changes.Watch({ service: 'people', cursor }, council, { deadline: Date.now() + 20_000 });
    const subjects = [];
    let last = '';
    stream.on('data', (reply) => {
      subjects.push(...reply.changes.map((change) => change.subject));
      last = reply.cursor;
      if (subjects.includes(subject)) stream.cancel();
    });
    stream.on('error', (ended) => {
      if (ended.code === grpc.status.CANCELLED) resolve({ subjects, cursor: last });
      else reject(ended);
    });
  });
}

test('a stream of changes goes on from its cursor', async () => {
  const first = await register('9990000042');
  const before = await watchUntil(first.name, '');
  const second = await register('9990000050');
  const after = await watchUntil(second.name, before.cursor);
  assert.ok(!after.subjects.includes(first.name), 'it told again what the cursor had passed');
});
