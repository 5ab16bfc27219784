// Decisions of allocation with their facts, what eligibility said among them, and made again: the same
// whatever eligibility and people say since, and field by field otherwise under another policy.
#include <gmock/gmock.h>

#include <functional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ipb/v1/changes_service.grpc.pb.h"
#include "ipb/v1/decisions_service.grpc.pb.h"
#include "ipb/v1/statements_service.grpc.pb.h"
#include "services/allocation/service.h"
#include "services/people/service.h"
#include "tests/async/wait.h"
#include "tests/handlers/allocation/fixture.h"
#include "tests/support/successive.h"

namespace ipb::allocation {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

int64_t NumberIn(const std::string& etag) { return std::stoll(etag.substr(0, etag.find('-'))); }

std::string DecisionOf(const std::string& resource, const std::string& etag) {
  return absl::StrCat(resource.substr(0, resource.find('/', resource.find('/') + 1)), "/decisions/",
                      NumberIn(etag));
}

// The facts of a decision of one type.
template <typename Resource>
std::vector<Resource> FactsOf(const v1::Decision& decision) {
  std::vector<Resource> facts;
  for (const v1::DecisionFact& fact : decision.facts()) {
    Resource resource;
    if (fact.resource().UnpackTo(&resource)) facts.push_back(std::move(resource));
  }
  return facts;
}

std::vector<std::string> FieldsOf(const v1::ReplayDecisionResponse& replayed) {
  std::vector<std::string> fields;
  for (const v1::DecisionDifference& difference : replayed.differences())
    fields.push_back(difference.field());
  return fields;
}

v1::ReviseBudgetRequest Revising(const v1::Budget& budget) {
  v1::ReviseBudgetRequest request;
  request.set_name(budget.name());
  request.set_effective_from_date("2025-07-07");
  *request.mutable_components() = budget.components();
  request.mutable_components(0)->set_minutes_per_week(1500);
  request.mutable_decision()->set_reasons("more hours");
  return request;
}

class DecisionTest : public AllocationTest {
 protected:
  using Decisions = v1::DecisionsService::Stub;

  explicit DecisionTest(bool with_eligibility = true)
      : AllocationTest(with_eligibility), decisions_(v1::DecisionsService::NewStub(suite_->channel())) {}

  v1::Decision Get(const std::string& name, const As& as = kCouncil) {
    v1::GetDecisionRequest request;
    request.set_name(name);
    request.set_service("allocation");
    v1::Decision decision;
    const auto status = suite_->Call(*decisions_, &Decisions::GetDecision, as, request, &decision);
    EXPECT_TRUE(status.ok()) << name << ": " << status.error_message();
    return decision;
  }
  grpc::Status TryReplay(const std::string& name, const As& as, v1::ReplayDecisionResponse* replayed) {
    v1::ReplayDecisionRequest request;
    request.set_name(name);
    request.set_service("allocation");
    return suite_->Call(*decisions_, &Decisions::ReplayDecision, as, request, replayed);
  }
  v1::ReplayDecisionResponse Replay(const std::string& name, const As& as = kCouncil) {
    v1::ReplayDecisionResponse replayed;
    const auto status = TryReplay(name, as, &replayed);
    EXPECT_TRUE(status.ok()) << name << ": " << status.error_message();
    return replayed;
  }
  // The decision made again by the rules and policy that made it.
  void ExpectTheSame(const std::string& name, const std::string& method) {
    SCOPED_TRACE(name);
    const v1::ReplayDecisionResponse replayed = Replay(name);
    EXPECT_EQ(replayed.decision().method(), absl::StrCat("AllocationService.", method));
    EXPECT_EQ(replayed.refusal(), "");
    EXPECT_THAT(FieldsOf(replayed), IsEmpty()) << replayed.DebugString();
    EXPECT_EQ(replayed.hidden_differences(), 0);
    EXPECT_GT(replayed.outcome_size(), 0);
    EXPECT_EQ(replayed.outcome_size(), replayed.decision().outcome_size());
  }
  template <typename Resource>
  void ExpectTheSame(const Resource& made, const std::string& method) {
    ExpectTheSame(DecisionOf(made.name(), made.etag()), method);
  }

  // What a commit of nobody's takes out of what allocation keeps of a person.
  void Lose(const std::string& person, const std::string& record) {
    store::Store* store = suite_->process().StoreOf("allocation");
    const auto loaded = async::Wait(store->Load({person, "", {record}}));
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    ASSERT_TRUE(loaded->records[0].has_value()) << record;
    store::Writes writes;
    writes.commit_id = "lost";
    writes.deletes = {record};
    writes.history = "lost";
    const auto lost = async::Wait(store->Commit(person, loaded->revision, std::move(writes), false));
    ASSERT_TRUE(lost.ok()) << lost.status();
    ASSERT_EQ(lost->kind, store::CommitResult::Kind::kDone);
  }

  const std::unique_ptr<Decisions> decisions_;
};

TEST_F(DecisionTest, ShowWhatEligibilitySaidAmongTheFacts) {
  const std::string person = NewPerson();
  const v1::Budget budget = Must(&Stub::CreateBudget, kIcb, JointRequest(person));
  const v1::Decision decision = Get(DecisionOf(person, budget.etag()), kIcb);
  EXPECT_EQ(decision.method(), "AllocationService.CreateBudget");
  EXPECT_EQ(decision.organisation(), kIcb.organisation);
  EXPECT_EQ(decision.caller_kind(), v1::CALLER_KIND_NHS);
  EXPECT_EQ(decision.person().birth_date(), "1975-03-01");
  ASSERT_EQ(decision.facts_size(), 1) << decision.DebugString();
  EXPECT_EQ(decision.facts(0).revision(), NumberIn(budget.etag()));
  EXPECT_EQ(FactsOf<v1::Determination>(decision).at(0).SerializeAsString(),
            Determination(budget.determinations(0)).SerializeAsString());
  v1::Budget made;
  ASSERT_TRUE(decision.outcome(0).UnpackTo(&made));
  EXPECT_EQ(made.SerializeAsString(), budget.SerializeAsString());
}

TEST_F(DecisionTest, ShowABudgetWithTheExplanationThatWasLookedAt) {
  const v1::Budget agreed = Agreed(NewPerson());
  const v1::Decision decision = Get(DecisionOf(agreed.name(), agreed.etag()));
  const std::vector<v1::Budget> budgets = FactsOf<v1::Budget>(decision);
  ASSERT_EQ(budgets.size(), 1u);
  EXPECT_EQ(budgets[0].name(), agreed.indicative_budget());
  EXPECT_EQ(budgets[0].state(), v1::Budget::STATE_INDICATIVE);
  EXPECT_GT(budgets[0].explanation().steps_size(), 0);
  EXPECT_EQ(FactsOf<v1::Determination>(decision).size(), 1u);
  EXPECT_EQ(FactsOf<v1::FinancialAssessment>(decision).size(), 1u);
  EXPECT_THAT(FactsOf<v1::Explanation>(decision), IsEmpty());
}

TEST_F(DecisionTest, AreMadeAgainFromTheirOwnFacts) {
  const std::string person = NewPerson();
  const auto assessed = Must(&Stub::RecordFinancialAssessment, kCouncil, MeansRequest(person));
  const v1::Budget created = Must(&Stub::CreateBudget, kCouncil, JointRequest(person));
  const v1::Budget agreed = Must(&Stub::AgreeBudget, kCouncil, AgreeRequest(created));
  const v1::Budget revised = Must(&Stub::ReviseBudget, kIcb, Revising(agreed));
  const v1::Budget again = Must(&Stub::AgreeBudget, kIcb, AgreeRequest(revised, 2));
  auto later = MeansRequest(person);
  later.set_effective_from_date("2025-05-01");
  const auto corrected = Must(&Stub::RecordFinancialAssessment, kCouncil, later);
  // Nothing that eligibility, people or this service says since is looked at.
  Determination(created.determinations(0)).set_state(v1::Determination::STATE_OVERTURNED);
  RecordDeath(person, "2025-06-01");
  suite_->SetDate("2025-08-04");
  ExpectTheSame(assessed, "RecordFinancialAssessment");
  ExpectTheSame(created, "CreateBudget");
  ExpectTheSame(agreed, "AgreeBudget");
  ExpectTheSame(revised, "ReviseBudget");
  ExpectTheSame(again, "AgreeBudget");
  ExpectTheSame(corrected, "RecordFinancialAssessment");
}

TEST_F(DecisionTest, AreMadeAgainWhereEligibilityKnowsNothingMore) {
  const v1::Budget agreed = Agreed(NewPerson());
  determinations_.clear();
  ExpectTheSame(agreed, "AgreeBudget");
}

TEST_F(DecisionTest, RestOnTheDeathAsItWasKnown) {
  const std::string person = NewPerson();
  const v1::Budget agreed = Agreed(person);
  suite_->SetDate("2025-07-01");
  const std::string death = RecordDeath(person, "2025-06-28");
  const v1::Budget ended =
      Must(&Stub::EndFunding, kCouncil, EndRequest(agreed, v1::Budget::END_REASON_DEATH));
  EXPECT_EQ(Get(DecisionOf(person, ended.etag())).person().death_date(), "2025-06-28");
  TakeBack(death);
  ExpectTheSame(ended, "EndFunding");
  EXPECT_EQ(ended.explanation().steps().rbegin()->rule_id(), "ENDED-DEATH");
}

TEST_F(DecisionTest, AreNamedByTheHistory) {
  const std::string person = NewPerson();
  const v1::Budget budget = Must(&Stub::CreateBudget, kCouncil, JointRequest(person));
  v1::ListHistoryRequest request;
  request.set_parent(person);
  request.set_service("allocation");
  v1::ListHistoryResponse history;
  const auto changes = v1::ChangesService::NewStub(suite_->channel());
  ASSERT_TRUE(
      suite_->Call(*changes, &v1::ChangesService::Stub::ListHistory, kCouncil, request, &history).ok());
  EXPECT_THAT(history.entries().rbegin()->resources(),
              ElementsAre(budget.name(), DecisionOf(person, budget.etag())));
}

TEST_F(DecisionTest, ReadsAndEvaluationsDecideNothing) {
  const std::string person = NewPerson();
  const v1::Budget budget = Must(&Stub::CreateBudget, kCouncil, JointRequest(person));
  v1::GetBudgetRequest get;
  get.set_name(budget.name());
  Must(&Stub::GetBudget, kCouncil, get);
  v1::AgreeBudgetRequest preview = AgreeRequest(budget);
  preview.set_validate_only(true);
  Refused(&Stub::AgreeBudget, kCouncil, preview);
  v1::ReplayDecisionResponse none;
  EXPECT_EQ(TryReplay(absl::StrCat(person, "/decisions/", NumberIn(budget.etag()) + 1), kCouncil, &none)
                .error_code(),
            grpc::NOT_FOUND);
}

TEST_F(DecisionTest, AStrangerLearnsOfNone) {
  const v1::Budget agreed = Agreed(NewPerson());
  v1::ReplayDecisionResponse none;
  EXPECT_EQ(TryReplay(DecisionOf(agreed.name(), agreed.etag()), kStranger, &none).error_code(),
            grpc::NOT_FOUND);
}

// The income is 160.00 a week; the means test's facts and findings, and all that tells of them, are the
// council's.
TEST_F(DecisionTest, HideTheMeansTestFromTheNhs) {
  const std::string person = NewPerson();
  const auto assessed = Must(&Stub::RecordFinancialAssessment, kCouncil, MeansRequest(person));
  const v1::Budget created = Must(&Stub::CreateBudget, kCouncil, JointRequest(person));
  const v1::Budget agreed = Must(&Stub::AgreeBudget, kCouncil, AgreeRequest(created));
  ASSERT_GT(agreed.contribution_weekly_pence(), 0);
  for (const std::string& etag : {assessed.etag(), created.etag(), agreed.etag()}) {
    const std::string name = DecisionOf(person, etag);
    for (const v1::Decision& decision : {Get(name, kIcb), Replay(name, kIcb).decision()}) {
      for (const v1::FinancialAssessment& fact : FactsOf<v1::FinancialAssessment>(decision)) {
        EXPECT_FALSE(fact.has_facts() || fact.has_result() || fact.has_decision()) << fact.DebugString();
      }
      for (const v1::Budget& fact : FactsOf<v1::Budget>(decision)) {
        EXPECT_EQ(fact.contribution_weekly_pence(), 0);
        for (const auto& step : fact.explanation().steps()) EXPECT_NE(step.purpose(), v1::PURPOSE_MEANS);
      }
      EXPECT_THAT(decision.DebugString(), Not(HasSubstr("16000")));
      EXPECT_THAT(decision.DebugString(), Not(HasSubstr("160.00")));
    }
    EXPECT_THAT(Replay(name, kIcb).DebugString(),
                Not(HasSubstr(absl::StrCat(agreed.contribution_weekly_pence()))));
  }
  v1::RecordFinancialAssessmentRequest asked;
  ASSERT_TRUE(Get(DecisionOf(person, assessed.etag()), kIcb).request().UnpackTo(&asked));
  EXPECT_FALSE(asked.has_facts());
  ASSERT_TRUE(Get(DecisionOf(person, assessed.etag()), kCouncil).request().UnpackTo(&asked));
  EXPECT_EQ(asked.facts().income(0).weekly_pence(), 16000);
}

TEST_F(DecisionTest, AreNotThereBeforeDecisionsWereKept) {
  const v1::Budget agreed = Agreed(NewPerson());
  const std::string name = DecisionOf(agreed.name(), agreed.etag());
  Lose(name.substr(0, name.find("/decisions/")), call::RecordOf(name));
  v1::ReplayDecisionResponse none;
  EXPECT_EQ(TryReplay(name, kCouncil, &none).error_code(), grpc::NOT_FOUND);
}

TEST_F(DecisionTest, CannotBeMadeAgainFromWhatWasWrittenBeforeVersionsWereKept) {
  const v1::Budget agreed = Agreed(NewPerson());
  const std::string name = DecisionOf(agreed.name(), agreed.etag());
  const int64_t estimated = NumberIn(agreed.etag()) - 1;
  Lose(name.substr(0, name.find("/decisions/")),
       call::VersionRecordOf(call::RecordOf(agreed.indicative_budget()), estimated));
  v1::ReplayDecisionResponse none;
  const grpc::Status status = TryReplay(name, kCouncil, &none);
  EXPECT_EQ(status.error_code(), grpc::FAILED_PRECONDITION);
  EXPECT_THAT(DetailsOf(status).rules(), ElementsAre("DECISION-FACTS-KEPT"));
}

TEST_F(DecisionTest, CannotBeMadeAgainWithoutWhatEligibilitySaid) {
  const v1::Budget agreed = Agreed(NewPerson());
  const std::string name = DecisionOf(agreed.name(), agreed.etag());
  Lose(name.substr(0, name.find("/decisions/")),
       call::VersionRecordOf(call::StatedRecordOf(agreed.determinations(0)), NumberIn(agreed.etag())));
  v1::ReplayDecisionResponse none;
  EXPECT_THAT(DetailsOf(TryReplay(name, kCouncil, &none)).rules(), ElementsAre("DECISION-FACTS-KEPT"))
      << "eligibility still has it, and is not asked";
}

// What the council or the ICB states to allocation in the place of an eligibility service.
v1::RecordStatementRequest Stating(const v1::Determination& determination) {
  v1::RecordStatementRequest request;
  request.set_parent(determination.name().substr(0, determination.name().find("/determinations/")));
  request.set_service("allocation");
  *request.mutable_resource()->mutable_determination() = determination;
  request.set_reference("case 7");
  request.set_effective_date("2025-05-01");
  return request;
}

class StatedDecisionTest : public DecisionTest {
 protected:
  StatedDecisionTest() : DecisionTest(false) {}

  void State(const v1::Determination& determination) {
    const auto stub = v1::StatementsService::NewStub(suite_->channel());
    v1::UpstreamStatement statement;
    const grpc::Status status = suite_->Call(*stub, &v1::StatementsService::Stub::RecordStatement, kCouncil,
                                             Stating(determination), &statement);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
};

TEST_F(StatedDecisionTest, KeepWhatWasStatedThen) {
  const std::string person = NewPerson();
  v1::Determination determination = Determination(absl::StrCat(person, "/determinations/1"));
  State(determination);
  const v1::Budget budget = Must(&Stub::CreateBudget, kCouncil, JointRequest(person));
  determination.set_state(v1::Determination::STATE_ENDED);
  State(determination);
  EXPECT_THAT(DetailsOf(Refused(&Stub::CreateBudget, kCouncil, JointRequest(person))).rules(),
              ElementsAre("BUDGET-DETERMINATION-DECIDED"));
  ExpectTheSame(budget, "CreateBudget");
  EXPECT_EQ(FactsOf<v1::Determination>(Get(DecisionOf(person, budget.etag()))).at(0).state(),
            v1::Determination::STATE_NOTIFIED);
}

// Another policy, with the same store.
class OtherPolicyTest : public ::testing::Test {
 protected:
  using Replaying = v1::DecisionsService::Stub;

  // Decides under the policy that ships; `decide` gives the name of the decision.
  void Decide(const std::function<std::string(testing::Successive&, const std::string& person)>& decide) {
    testing::Successive before = Server("");
    auto registering = Text<v1::RegisterPersonRequest>(
        "identifier { kind: IDENTIFIER_KIND_NHS_NUMBER } birth_date: '1975-03-01' "
        "role: RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE");
    registering.mutable_identifier()->set_value(testing::NewNhsNumber());
    const auto person = before.Must(&v1::PeopleService::Stub::RegisterPerson, kCouncil, registering);
    registering.set_role(v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB);
    before.Must(&v1::PeopleService::Stub::RegisterPerson, kIcb, registering);
    v1::AcceptResponsibilityRequest accept;
    accept.set_name(person.name());
    accept.set_organisation(kIcb.organisation);
    before.Must(&v1::PeopleService::Stub::AcceptResponsibility, kCouncil, accept);
    auto determination = Text<v1::Determination>(
        "state: STATE_NOTIFIED regime: ELIGIBILITY_REGIME_CARE_ACT_ADULT outcome: "
        "ELIGIBILITY_OUTCOME_ELIGIBLE "
        "effective_from_date: '2025-05-01'");
    determination.set_name(absl::StrCat(person.name(), "/determinations/1"));
    before.Must(&v1::StatementsService::Stub::RecordStatement, kCouncil, Stating(determination));
    request_.set_service("allocation");
    request_.set_name(decide(before, person.name()));
    EXPECT_THAT(FieldsOf(before.Must(&Replaying::ReplayDecision, kCouncil, request_)), IsEmpty());
  }

  // The same decision by a server that came up later, with one text of policy replaced.
  v1::ReplayDecisionResponse ReplayWith(const As& as, const std::string& file, const std::string& from,
                                        const std::string& to) {
    const testing::Folder folder;
    testing::Successive after = Server(testing::PolicyWith(folder, file, from, to));
    auto replayed = after.Must(&Replaying::ReplayDecision, as, request_);
    EXPECT_NE(replayed.policy_version(), replayed.decision().policy_version());
    return replayed;
  }

 private:
  testing::Successive Server(const std::string& policy) const {
    return testing::Successive({people::Factory(), Factory()}, folder_, "2025-06-02", policy);
  }

  const testing::Folder folder_;
  v1::ReplayDecisionRequest request_;
};

constexpr char kPrices[] = "local/E10000019/allocation.textproto";

std::string Estimated(testing::Successive& server, const std::string& person) {
  server.Must(&v1::AllocationService::Stub::RecordFinancialAssessment, kCouncil, MeansRequest(person));
  const auto budget = server.Must(&v1::AllocationService::Stub::CreateBudget, kCouncil, JointRequest(person));
  return DecisionOf(person, budget.etag());
}

std::string Assessed(testing::Successive& server, const std::string& person) {
  const auto assessed =
      server.Must(&v1::AllocationService::Stub::RecordFinancialAssessment, kCouncil, MeansRequest(person));
  return DecisionOf(person, assessed.etag());
}

TEST_F(OtherPolicyTest, SaysWhatAnotherPriceWouldHaveMade) {
  Decide(Estimated);
  const auto replayed = ReplayWith(kCouncil, kPrices, "unit_pence: 1620", "unit_pence: 1660");
  EXPECT_EQ(replayed.refusal(), "");
  EXPECT_THAT(FieldsOf(replayed), Contains("weekly_pence"));
  for (const v1::DecisionDifference& difference : replayed.differences()) {
    if (difference.field() != "weekly_pence") continue;
    EXPECT_EQ(difference.then(), "32400");
    EXPECT_EQ(difference.now(), "33200");
  }
}

TEST_F(OtherPolicyTest, TellsTheNhsThatThereIsMoreButNotWhat) {
  Decide(Assessed);
  constexpr char kNational[] = "national/allocation.textproto";
  const auto seen = ReplayWith(kCouncil, kNational, "weekly_pence: 11250", "weekly_pence: 11350");
  EXPECT_THAT(FieldsOf(seen), Contains(HasSubstr("result.")));
  EXPECT_EQ(seen.hidden_differences(), 0);
  const auto hidden = ReplayWith(kIcb, kNational, "weekly_pence: 11250", "weekly_pence: 11350");
  EXPECT_THAT(FieldsOf(hidden), Each(Not(HasSubstr("result."))));
  EXPECT_GT(hidden.hidden_differences(), 0);
}

TEST_F(OtherPolicyTest, DoesNotTellTheNhsByWhichRulesMeansWouldBeRefused) {
  Decide([](testing::Successive& server, const std::string& person) {
    auto request = MeansRequest(person);
    *request.mutable_facts()->add_income() =
        Text<v1::IncomeItem>("kind: INCOME_KIND_STATE_PENSION weekly_pence: 9000");
    const auto assessed =
        server.Must(&v1::AllocationService::Stub::RecordFinancialAssessment, kCouncil, request);
    return DecisionOf(person, assessed.etag());
  });
  constexpr char kTogether[] =
      "kind: INCOME_KIND_UNIVERSAL_CREDIT other_kind: INCOME_KIND_PENSION_CREDIT_GUARANTEE";
  constexpr char kOtherwise[] = "kind: INCOME_KIND_OTHER other_kind: INCOME_KIND_STATE_PENSION";
  const auto told = ReplayWith(kCouncil, "national/allocation.textproto", kTogether, kOtherwise);
  EXPECT_THAT(told.refused_rules(), ElementsAre("INCOME-NOT-TOGETHER"));
  const auto hidden = ReplayWith(kIcb, "national/allocation.textproto", kTogether, kOtherwise);
  EXPECT_THAT(hidden.refusal(), HasSubstr("would be refused"));
  EXPECT_THAT(hidden.refusal(), Not(HasSubstr("income")));
  EXPECT_THAT(hidden.refused_rules(), IsEmpty());
}

TEST_F(OtherPolicyTest, SaysByWhichRulesAnotherKindOfFunderWouldBeRefused) {
  Decide(Estimated);
  const auto replayed =
      ReplayWith(kCouncil, "local/QZZ/organisation.textproto", "CALLER_KIND_NHS", "CALLER_KIND_PROVIDER");
  EXPECT_THAT(replayed.refused_rules(), Contains("BUDGET-NHS-FUNDS"));
  EXPECT_THAT(replayed.outcome(), IsEmpty());
}

}  // namespace
}  // namespace ipb::allocation
