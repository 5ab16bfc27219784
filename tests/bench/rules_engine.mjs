// The twelve rules of EvaluateEligibility's measure in json-rules-engine: the three conditions of the adult test, the four
// thresholds of the checklist, and the five patterns of the decision support tool. Prints how often a second it evaluates
// the evidence, in this process and without a network, and fails where it finds other than the service did.
//
//   node rules_engine.mjs EVIDENCE FINDINGS   both as the contract's JSON
import { readFileSync } from 'node:fs';
import { Engine } from 'json-rules-engine';

const [evidencePath, findingsPath] = process.argv.slice(2);
const evidence = JSON.parse(readFileSync(evidencePath, 'utf8'));
const findings = JSON.parse(readFileSync(findingsPath, 'utf8'));

const LEVELS = ['NO_NEEDS', 'LOW', 'MODERATE', 'HIGH', 'SEVERE', 'PRIORITY'].map((level) => `NEED_LEVEL_${level}`);
const ASTERISKED = ['BREATHING', 'BEHAVIOUR', 'MEDICATION', 'CONSCIOUSNESS'].map((domain) => `CARE_DOMAIN_${domain}`);

function countScores(domains, score, among = null) {
  return domains.filter((domain) => domain.score === score && (!among || among.includes(domain.domain))).length;
}

function countLevels(domains, level) {
  return domains.filter((domain) => LEVELS.indexOf(domain.level) >= LEVELS.indexOf(level)).length;
}

// What the rules look at, counted anew for each evaluation.
function factsOf({ careAct, checklist, decisionSupportTool }) {
  const a = countScores(checklist.domains, 'CHECKLIST_SCORE_A');
  const b = countScores(checklist.domains, 'CHECKLIST_SCORE_B');
  return {
    impairment: careAct.needsFromImpairment,
    unable: careAct.outcomes.filter((outcome) => outcome.typical === 'ACHIEVEMENT_UNABLE').length,
    impact: careAct.significantImpact,
    a,
    aOrB: a + b,
    asteriskedA: countScores(checklist.domains, 'CHECKLIST_SCORE_A', ASTERISKED),
    priority: countLevels(decisionSupportTool.domains, 'NEED_LEVEL_PRIORITY'),
    severe: countLevels(decisionSupportTool.domains, 'NEED_LEVEL_SEVERE'),
    moderate: countLevels(decisionSupportTool.domains, 'NEED_LEVEL_MODERATE'),
    low: countLevels(decisionSupportTool.domains, 'NEED_LEVEL_LOW'),
  };
}

const atLeast = (fact, value) => ({ fact, operator: 'greaterThanInclusive', value });
const holds = (fact) => ({ fact, operator: 'equal', value: true });

const RULES = [
  ['IMPAIRMENT', [holds('impairment')]],
  ['OUTCOMES', [atLeast('unable', 2)]],
  ['IMPACT', [holds('impact')]],
  ['K-A', [atLeast('a', 2)]],
  ['K-B', [atLeast('aOrB', 5)]],
  ['K-AB', [atLeast('a', 1), atLeast('aOrB', 5)]],
  ['K-ASTERISK', [atLeast('asteriskedA', 1)]],
  ['D-PRIORITY', [atLeast('priority', 1)]],
  ['D-SEVERE', [atLeast('severe', 2)]],
  ['D-ONE-SEVERE', [atLeast('severe', 1)]],
  ['D-HIGH-MODERATE', [atLeast('moderate', 1)]],
  ['D-LOW', [atLeast('low', 1)]],
];

const engine = new Engine();
for (const [type, all] of RULES) engine.addRule({ conditions: { all }, event: { type } });

async function evaluate() {
  const { events } = await engine.run(factsOf(evidence));
  return events.map((event) => event.type);
}

// The first pattern that is met is the one that applies.
function compare(met) {
  const conditionsMet = ['IMPAIRMENT', 'OUTCOMES', 'IMPACT'].every((rule) => met.includes(rule));
  const thresholds = met.filter((rule) => rule.startsWith('K-')).sort();
  const pattern = RULES.map(([type]) => type).find((type) => type.startsWith('D-') && met.includes(type));
  const same = conditionsMet === Boolean(findings.careAct.conditionsMet)
    && JSON.stringify(thresholds) === JSON.stringify([...(findings.checklist.thresholdsMet ?? [])].sort())
    && pattern === findings.decisionSupportTool.pattern;
  if (!same) throw new Error(`found ${met}, where the service found ${JSON.stringify(findings)}`);
}

compare(await evaluate());
const rates = [];
for (let round = 0; round <= 5; ++round) {
  const count = 5000;
  const began = process.hrtime.bigint();
  for (let i = 0; i < count; ++i) await evaluate();
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (round > 0) rates.push(count / seconds);
}
const median = [...rates].sort((left, right) => left - right)[2];
console.log(`json-rules-engine, evaluations/s, no explanation, no network: ${
  rates.map((rate) => rate.toFixed(0)).join(' ')}; median ${median.toFixed(0)}`);
