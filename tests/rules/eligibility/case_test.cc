// Every case file of eligibility, judged by the rules and by the policy that ships.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "common/dates/civil.h"
#include "services/eligibility/rules/assessment.h"
#include "services/eligibility/rules/assurance.h"
#include "services/eligibility/rules/budget_grant.h"
#include "services/eligibility/rules/determination.h"
#include "services/eligibility/rules/dispute.h"
#include "services/eligibility/rules/ending.h"
#include "services/eligibility/rules/entitlements.h"
#include "services/eligibility/rules/evaluation.h"
#include "services/eligibility/rules/owing.h"
#include "services/eligibility/rules/pending.h"
#include "services/eligibility/rules/recommendation.h"
#include "services/eligibility/rules/request.h"
#include "services/eligibility/rules/transition.h"
#include "tests/rules/eligibility/case_facts.h"
#include "tests/rules/eligibility/cases.h"
#include "tests/rules/support/case_file.h"
#include "tests/rules/support/text_file.h"

namespace ipb::eligibility {
namespace {

using cases::v1::EligibilityCase;
using cases::v1::Expectation;
using tests::Check;

constexpr char kFolder[] = "tests/rules/eligibility/cases";

v1::EligibilityFindings FindingsOf(const Evaluation& evaluation) { return evaluation.findings; }
v1::Determination DeterminationOf(const DeterminationDecision& decision) { return decision.determination; }
v1::SupportRequest RequestOf(const RequestDecision& decision) { return decision.request; }
v1::Assessment AssessmentOf(const AssessmentDecision& decision) { return decision.assessment; }
v1::SupportRequest AnsweredBy(const DeterminationDecision& decision) {
  return decision.answered.value_or(v1::SupportRequest());
}

// A request that stands is open and was received on 2 November 2026 by the council, where the case does not
// say otherwise.
v1::SupportRequest Standing(const v1::SupportRequest& given, const std::string& name) {
  v1::SupportRequest standing;
  standing.set_state(v1::SupportRequest::STATE_OPEN);
  standing.set_received_date("2026-11-02");
  standing.set_organisation(kCouncil);
  standing.MergeFrom(given);
  standing.set_name(name);
  return standing;
}

// The determination that a case moves, after the person's others.
v1::Determination Moved(v1::Determination given, const DeterminationFacts& facts) {
  given.set_name(DeterminationName(static_cast<int>(facts.others.size()) + 1));
  return given;
}

// The day and the policy by which a case is judged.
struct Terms {
  absl::CivilDay today;
  v1::EligibilityPolicy policy;
};

void Judge(const cases::v1::EvaluationCase& judged, const Terms& terms, const Expectation& expectation) {
  Check(expectation, Evaluate(EvidenceOf(judged.evidence()), terms.policy), judged.findings(), FindingsOf);
}

RequestFacts RequestFactsOf(const cases::v1::Standing& standing, const v1::EligibilityPolicy& policy) {
  const DeterminationFacts facts = FactsOf(standing, policy);
  RequestFacts request{facts.person, facts.by.organisation(), {}};
  request.request = Standing(standing.request(), RequestName(1));
  return request;
}

void Judge(const cases::v1::ReceiptCase& judged, const Terms& terms, const Expectation& expectation) {
  Check(expectation,
        DecideReceipt(RequestFactsOf(judged.standing(), terms.policy), judged.request(), terms.policy,
                      terms.today),
        judged.received(), RequestOf);
}

void Judge(const cases::v1::ClosingCase& judged, const Terms& terms, const Expectation& expectation) {
  Check(expectation,
        DecideClosing(RequestFactsOf(judged.standing(), terms.policy), judged.request(), terms.today),
        judged.closed(), RequestOf);
}

void Judge(const cases::v1::PassingCase& judged, const Terms& terms, const Expectation& expectation) {
  const RequestDecision decision =
      DecidePassing(RequestFactsOf(judged.standing(), terms.policy).request, terms.policy, terms.today);
  tests::CheckResult(expectation, judged.passed(), decision.request,
                     tests::RuleIdsOf(decision.trace.Render("", "")));
}

void Judge(const cases::v1::RecommendationCase& judged, const Terms& terms, const Expectation& expectation) {
  DeterminationFacts facts = FactsOf(judged.standing(), terms.policy);
  facts.new_name = Moved({}, facts).name();
  v1::RecordRecommendationRequest request = judged.request();
  request.set_assessment(AssessmentName(1));
  Check(expectation, DecideRecommendation(facts, request, terms.policy, terms.today), judged.determination(),
        DeterminationOf);
}

void Judge(const cases::v1::DeterminationCase& judged, const Terms& terms, const Expectation& expectation) {
  DeterminationFacts facts = FactsOf(judged.standing(), terms.policy);
  v1::Determination recommended;
  recommended.set_state(v1::Determination::STATE_RECOMMENDED);
  recommended.set_assessment(AssessmentName(1));
  *recommended.mutable_recommendation() = By(kIcb, "recommender-1");
  recommended.mutable_recommendation()->set_decision_date("2026-11-05");
  recommended.MergeFrom(judged.recommended());
  if (judged.standing().has_request()) recommended.set_request(RequestName(1));
  facts.determination = Moved(std::move(recommended), facts);
  const auto decision = DecideDetermination(facts, judged.request(), terms.policy, terms.today);
  Check(expectation, decision, judged.determination(), DeterminationOf);
  if (decision.ok()) tests::CheckResult({}, judged.answered(), AnsweredBy(*decision), {});
}

void Judge(const cases::v1::NotificationCase& judged, const Terms& terms, const Expectation& expectation) {
  DeterminationFacts facts = FactsOf(judged.standing(), terms.policy);
  facts.determination = Moved(judged.told(), facts);
  Check(expectation, DecideNotification(facts, judged.request(), terms.today), judged.determination(),
        DeterminationOf);
}

void Judge(const cases::v1::EndingCase& judged, const Terms& terms, const Expectation& expectation) {
  DeterminationFacts facts = FactsOf(judged.standing(), terms.policy);
  facts.determination = Moved(judged.ended(), facts);
  Check(expectation, DecideEnding(facts, judged.request(), terms.policy, terms.today), judged.determination(),
        DeterminationOf);
}

void Judge(const cases::v1::DisputeCase& judged, const Terms& terms, const Expectation& expectation) {
  DeterminationFacts facts = FactsOf(judged.standing(), terms.policy);
  facts.determination = Moved(judged.told(), facts);
  Check(expectation, DecideDispute(facts, judged.request(), terms.policy, terms.today),
        judged.determination(), DeterminationOf);
}

void Judge(const cases::v1::UpholdingCase& judged, const Terms& terms, const Expectation& expectation) {
  DeterminationFacts facts = FactsOf(judged.standing(), terms.policy);
  facts.determination = Moved(judged.disputed(), facts);
  Check(expectation, DecideUpholding(facts, judged.request(), terms.today), judged.determination(),
        DeterminationOf);
}

void Judge(const cases::v1::OverturningCase& judged, const Terms& terms, const Expectation& expectation) {
  DeterminationFacts facts = FactsOf(judged.standing(), terms.policy);
  facts.determination = Moved(judged.disputed(), facts);
  facts.new_name = DeterminationName(90);
  const auto decision = DecideOverturning(facts, terms.policy, terms.today);
  Check(expectation, decision, judged.determination(), DeterminationOf);
  if (decision.ok()) tests::CheckResult({}, judged.overturned(), *decision->superseded, {});
}

void Judge(const cases::v1::BudgetGrantCase& judged, const Terms& terms, const Expectation& expectation) {
  DeterminationFacts facts = FactsOf(judged.standing(), terms.policy);
  v1::Determination determined;
  determined.set_state(v1::Determination::STATE_NOTIFIED);
  determined.set_outcome(v1::ELIGIBILITY_OUTCOME_ELIGIBLE);
  determined.mutable_decision()->set_decision_date("2026-06-01");
  determined.MergeFrom(judged.determined());
  facts.determination = Moved(std::move(determined), facts);
  Check(expectation, DecideBudgetGrant(facts, judged.request(), terms.policy, terms.today),
        judged.determination(), DeterminationOf);
}

void Judge(const cases::v1::AssessmentCase& judged, const Terms& terms, const Expectation& expectation) {
  const bool nhs = judged.caller_kind() == v1::CALLER_KIND_NHS;
  AssessmentFacts facts{nhs ? v1::CALLER_KIND_NHS : v1::CALLER_KIND_COUNCIL, nhs ? kIcb : kCouncil, {}};
  if (!judged.has_draft()) {
    v1::RecordAssessmentRequest request;
    *request.mutable_evidence() = EvidenceOf(judged.evidence());
    request.set_complete(judged.complete());
    return Check(expectation, DecideRecording(facts, request, terms.policy, terms.today), judged.assessment(),
                 AssessmentOf);
  }
  facts.assessment.set_name(AssessmentName(1));
  facts.assessment.set_state(v1::Assessment::STATE_DRAFT);
  *facts.assessment.mutable_evidence() = EvidenceOf(judged.draft());
  v1::UpdateAssessmentRequest request;
  *request.mutable_evidence() = EvidenceOf(judged.evidence());
  for (const std::string& part : judged.parts()) request.mutable_update_mask()->add_paths(part);
  request.set_complete(judged.complete());
  Check(expectation, DecideUpdate(facts, request, terms.policy, terms.today), judged.assessment(),
        AssessmentOf);
}

// A person's things, named by their numbers.
template <typename Case>
PersonRecord RecordOf(const Case& judged, const google::protobuf::RepeatedPtrField<v1::Determination>& all) {
  PersonRecord record;
  for (v1::SupportRequest request : judged.requests()) {
    if (request.state() == v1::SupportRequest::STATE_UNSPECIFIED) {
      request.set_state(v1::SupportRequest::STATE_OPEN);
    }
    request.set_name(RequestName(static_cast<int>(record.requests.size()) + 1));
    record.requests.push_back(std::move(request));
  }
  for (v1::Assessment assessment : judged.assessments()) {
    assessment.set_name(AssessmentName(static_cast<int>(record.assessments.size()) + 1));
    record.assessments.push_back(std::move(assessment));
  }
  for (v1::Determination determination : all) {
    determination.set_name(DeterminationName(static_cast<int>(record.determinations.size()) + 1));
    record.determinations.push_back(std::move(determination));
  }
  return record;
}

// The person for whom those are responsible whom the case names.
v1::Person PersonOf(const cases::v1::EntitlementCase& judged) {
  v1::Person person = Adult();
  if (!judged.responsibilities().empty()) person.clear_responsibilities();
  for (v1::Responsibility held : judged.responsibilities()) {
    if (held.state() == v1::Responsibility::STATE_UNSPECIFIED)
      held.set_state(v1::Responsibility::STATE_ACCEPTED);
    if (held.effective_from_date().empty()) held.set_effective_from_date("2020-01-01");
    *person.add_responsibilities() = std::move(held);
  }
  return person;
}

void Judge(const cases::v1::EntitlementCase& judged, const Terms& terms, const Expectation& expectation) {
  PersonRecord record = RecordOf(judged, judged.determinations());
  std::optional<absl::CivilDay> death;
  if (!judged.death_date().empty()) death = dates::Checked(judged.death_date());
  const absl::CivilDay day = judged.as_of_date().empty() ? terms.today : dates::Checked(judged.as_of_date());
  std::optional<absl::Time> known_at;
  if (judged.has_as_known_at()) known_at = absl::FromUnixSeconds(judged.as_known_at().seconds());
  const auto found = EntitlementsOn(day, known_at, record.determinations, death, terms.policy, "");
  tests::CheckRefusal(expectation, found.status());
  if (!found.ok()) return;
  v1::GetEntitlementsResponse response;
  std::vector<std::string> explained;
  const v1::Person person = AsKnown(PersonOf(judged), known_at);
  for (v1::Entitlement entitlement : *found) {
    NameWhoOwes(person, day, entitlement);
    *response.add_entitlements() = entitlement;
    for (std::string& rule : tests::RuleIdsOf(entitlement.explanation()))
      explained.push_back(std::move(rule));
  }
  record = AsKnown(std::move(record), known_at);
  for (const v1::PendingDecision& pending : PendingOn(day, record, terms.policy)) {
    *response.add_pending_decisions() = pending;
  }
  const std::string birth_date = judged.birth_date().empty() ? Adult().birth_date() : judged.birth_date();
  const auto steps = TransitionSteps(dates::Checked(birth_date), day, record, terms.policy);
  if (ShowsTransition(steps, record, day)) {
    for (const v1::TransitionStep& step : steps) *response.add_transition_steps() = step;
  }
  tests::CheckResult(expectation, judged.entitlements(), response, explained);
}

void Judge(const cases::v1::TransitionCase& judged, const Terms& terms, const Expectation& expectation) {
  google::protobuf::RepeatedPtrField<v1::Determination> all = judged.others();
  *all.Add() = judged.determination();
  const PersonRecord record = RecordOf(judged, all);
  const auto steps = TransitionSteps(dates::Checked(judged.birth_date()), terms.today, record, terms.policy);
  const TransitionDecision decision =
      DecideTransition(record.determinations.back(), steps, judged.death_date(), terms.today);
  tests::CheckResult(expectation, judged.marked(), decision.determination,
                     tests::RuleIdsOf(decision.trace.Render("", "")));
}

// A decision of the case, with what is ordinary filled in.
std::optional<CountedDecision> CountedOf(const cases::v1::AssuranceCase::Decisions& given) {
  v1::Determination determination =
      Decided(DeterminationName(1), v1::ELIGIBILITY_REGIME_CHC, v1::ELIGIBILITY_OUTCOME_ELIGIBLE, kIcb);
  determination.mutable_decision()->set_decision_date("2026-11-22");
  determination.MergeFrom(given.determination());
  v1::Assessment assessment;
  *assessment.mutable_evidence() = given.evidence();
  if (!given.has_evidence()) *assessment.mutable_evidence()->mutable_decision_support_tool() = Tool();
  return CountedAs(determination, &assessment, given.request());
}

v1::CountContinuingHealthcareDecisionsResponse ResponseOf(const Assurance& assurance) {
  return assurance.response;
}

void Judge(const cases::v1::AssuranceCase& judged, const Terms& terms, const Expectation& expectation) {
  v1::CountContinuingHealthcareDecisionsRequest period;
  period.set_from_date("2026-10-01");
  period.set_to_date("2026-12-31");
  period.MergeFrom(judged.request());
  DecisionCounts counts;
  for (const auto& given : judged.decisions()) {
    const std::optional<CountedDecision> counted = CountedOf(given);
    for (int i = 0; counted && i < std::max(given.count(), 1); ++i) Count(*counted, counts);
  }
  const auto held = HoldAgainstTargets(counts, kIcb, dates::Checked(period.from_date()),
                                       dates::Checked(period.to_date()), terms.policy);
  Check(expectation, held, judged.counted(), ResponseOf);
}

class Cases : public testing::TestWithParam<std::string> {};

TEST_P(Cases, IsJudgedAsItSays) {
  EligibilityCase given;
  tests::ReadText(GetParam(), given);
  tests::CheckHeading(given.about());
  SCOPED_TRACE(given.about().title());
  const Terms terms{given.today().empty() ? kToday : dates::Checked(given.today()), PolicyOf(given)};
  switch (given.judged_case()) {
    case EligibilityCase::kEvaluation:
      return Judge(given.evaluation(), terms, given.expect());
    case EligibilityCase::kReceipt:
      return Judge(given.receipt(), terms, given.expect());
    case EligibilityCase::kClosing:
      return Judge(given.closing(), terms, given.expect());
    case EligibilityCase::kRecommendation:
      return Judge(given.recommendation(), terms, given.expect());
    case EligibilityCase::kDetermination:
      return Judge(given.determination(), terms, given.expect());
    case EligibilityCase::kNotification:
      return Judge(given.notification(), terms, given.expect());
    case EligibilityCase::kEnding:
      return Judge(given.ending(), terms, given.expect());
    case EligibilityCase::kEntitlement:
      return Judge(given.entitlement(), terms, given.expect());
    case EligibilityCase::kDispute:
      return Judge(given.dispute(), terms, given.expect());
    case EligibilityCase::kUpholding:
      return Judge(given.upholding(), terms, given.expect());
    case EligibilityCase::kOverturning:
      return Judge(given.overturning(), terms, given.expect());
    case EligibilityCase::kPassing:
      return Judge(given.passing(), terms, given.expect());
    case EligibilityCase::kGrant:
      return Judge(given.grant(), terms, given.expect());
    case EligibilityCase::kAssessment:
      return Judge(given.assessment(), terms, given.expect());
    case EligibilityCase::kTransition:
      return Judge(given.transition(), terms, given.expect());
    case EligibilityCase::kAssurance:
      return Judge(given.assurance(), terms, given.expect());
    case EligibilityCase::JUDGED_NOT_SET:
      FAIL() << "the case says nothing to judge";
  }
}

std::string NameOf(const testing::TestParamInfo<std::string>& info) { return tests::CaseName(info.param); }

INSTANTIATE_TEST_SUITE_P(Eligibility, Cases, testing::ValuesIn(tests::TextFiles(kFolder)), NameOf);

}  // namespace
}  // namespace ipb::eligibility
