// The charging table of the means test at home in two rules engines of npm, json-rules-engine and GoRules ZEN: capital below
// the lower limit, between the limits, or above the upper one; the charge is what income with tariff income exceeds what is
// kept by, and no more than the cost. Prints how often a second each works it out, in this process and without a network,
// and fails where one finds another charge than ipb did. What ipb does besides to come to these figures - each income and
// capital by its kind, the guarantee by household and day - the engines are given.
//
//   node charging_table.mjs CHARGES   what ipb-bench-simulate wrote with --charges
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { ZenEngine } from '@gorules/zen-engine';
import { Engine } from 'json-rules-engine';

const LOWER = 1425000;
const UPPER = 2325000;
const STEP = 25000;
const TARIFF = 100;
const ROUNDS = 5;

const charges = JSON.parse(readFileSync(process.argv[2], 'utf8'));

const rulesEngine = new Engine();
const capital = (operator, value) => ({ fact: 'capital', operator, value });
for (const [type, all] of [
  ['FULL-COST', [capital('greaterThan', UPPER)]],
  ['TARIFF', [capital('greaterThan', LOWER), capital('lessThanInclusive', UPPER)]],
  ['NO-TARIFF', [capital('lessThanInclusive', LOWER)]],
]) {
  rulesEngine.addRule({ conditions: { all }, event: { type } });
}

async function chargeByRulesEngine(facts) {
  const { events } = await rulesEngine.run(facts);
  if (events[0].type === 'FULL-COST') return facts.cost;
  const tariff = events[0].type === 'TARIFF' ? Math.ceil((facts.capital - LOWER) / STEP) * TARIFF : 0;
  return Math.min(facts.cost, Math.max(0, facts.income + tariff - facts.kept));
}

const node = (id, type, content) => ({ id, type, name: id, position: { x: 0, y: 0 }, content });
const edge = (sourceId, targetId) => ({ id: `${sourceId}-${targetId}`, sourceId, targetId, type: 'edge' });
const bounded = 'min([cost, max([0, income + $.tariff - kept])])';
const decision = new ZenEngine().createDecision(Buffer.from(JSON.stringify({
  nodes: [
    node('facts', 'inputNode'),
    node('charge', 'expressionNode', {
      expressions: [
        { id: 'tariff', key: 'tariff', value: `capital <= ${LOWER} ? 0 : ceil((capital - ${LOWER}) / ${STEP}) * ${TARIFF}` },
        { id: 'charge', key: 'charge', value: `capital > ${UPPER} ? cost : ${bounded}` },
      ],
    }),
    node('result', 'outputNode'),
  ],
  edges: [edge('facts', 'charge'), edge('charge', 'result')],
})));

async function chargeByZen(facts) {
  const { result } = await decision.evaluate(facts);
  return result.charge;
}

for (const [name, chargeOf] of [['json-rules-engine', chargeByRulesEngine], ['GoRules ZEN', chargeByZen]]) {
  const rates = [];
  // The first round only warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const began = performance.now();
    for (const { charge, ...facts } of charges) {
      // One after the other: an engine that is given all at once would be measured by its queue.
      const found = await chargeOf(facts);
      if (found !== charge) throw new Error(`${name}: ${found} for ${JSON.stringify(facts)}, where ipb has ${charge}`);
    }
    if (round > 0) rates.push(Math.round(charges.length / ((performance.now() - began) / 1000)));
  }
  const median = [...rates].sort((a, b) => a - b)[Math.floor(rates.length / 2)];
  console.log(`${name}, charging table alone, cases/s, no network: ${rates.join(' ')}; median ${median}`);
}
