// Decisions with their facts, and made again: the same under the same policy, and field by field otherwise
// under another.
#include <optional>

#include "absl/strings/str_cat.h"
#include "ipb/v1/changes_service.grpc.pb.h"
#include "ipb/v1/decisions_service.grpc.pb.h"
#include "services/eligibility/service.h"
#include "services/people/service.h"
#include "tests/handlers/eligibility/fixture.h"
#include "tests/support/successive.h"

namespace ipb::eligibility {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::string DecisionOf(const std::string& person, const std::string& etag) {
  return absl::StrCat(person, "/decisions/", etag.substr(0, etag.find('-')));
}

class Decisions : public EligibilityTest {
 protected:
  Decisions() : decisions_(v1::DecisionsService::NewStub(suite_.channel())) {}

  v1::Decision Get(const As& as, const std::string& name) {
    v1::GetDecisionRequest request;
    request.set_name(name);
    request.set_service("eligibility");
    v1::Decision reply;
    const auto status =
        suite_.Call(*decisions_, &v1::DecisionsService::Stub::GetDecision, as, request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }

  // The code of a request for a decision that is not to be had.
  grpc::StatusCode Refuses(const std::string& name, const std::string& service) {
    v1::ReplayDecisionRequest request;
    request.set_name(name);
    request.set_service(service);
    v1::ReplayDecisionResponse reply;
    return suite_.Call(*decisions_, &v1::DecisionsService::Stub::ReplayDecision, kNurse, request, &reply)
        .error_code();
  }

  const std::unique_ptr<v1::DecisionsService::Stub> decisions_;
};

TEST_F(Decisions, ShowWhatTheyWereMadeFrom) {
  const v1::Assessment assessed = Assess(WholeEvidence());
  const v1::Determination decided = Determine(kChc, assessed.name());
  const v1::Decision decision = Get(kNurse, DecisionOf(person_, decided.etag()));
  EXPECT_EQ(decision.method(), "EligibilityService.RecordDetermination");
  EXPECT_EQ(decision.organisation(), kIcbLead.organisation);
  EXPECT_EQ(decision.actor(), kIcbLead.actor);
  EXPECT_EQ(decision.caller_kind(), v1::CALLER_KIND_NHS);
  EXPECT_EQ(decision.person().birth_date(), "1948-03-15");
  EXPECT_THAT(decision.person().responsibilities(), SizeIs(2));
  v1::RecordDeterminationRequest asked;
  ASSERT_TRUE(decision.request().UnpackTo(&asked));
  EXPECT_EQ(asked.name(), decided.name());
  v1::Assessment rested_on;
  v1::Determination before;
  for (const v1::DecisionFact& fact : decision.facts()) {
    fact.resource().UnpackTo(&rested_on);
    fact.resource().UnpackTo(&before);
  }
  EXPECT_EQ(rested_on.name(), assessed.name());
  EXPECT_TRUE(rested_on.evidence().has_decision_support_tool());
  EXPECT_EQ(before.state(), v1::Determination::STATE_RECOMMENDED);
  ASSERT_THAT(decision.outcome(), SizeIs(1));
  v1::Determination after;
  ASSERT_TRUE(decision.outcome(0).UnpackTo(&after));
  EXPECT_EQ(after.state(), v1::Determination::STATE_DETERMINED);
  EXPECT_THAT(after.explanation().steps(), Not(IsEmpty()));
}

TEST_F(Decisions, HideFromEachBodyWhatIsNotForItsEyes) {
  const std::string name = DecisionOf(person_, Determine(kChc, Assess(WholeEvidence()).name()).etag());
  const auto seen_by = [&](const As& as) {
    v1::Assessment seen;
    const v1::Decision decision = Get(as, name);
    for (const v1::DecisionFact& fact : decision.facts()) fact.resource().UnpackTo(&seen);
    return seen.evidence().decision_support_tool();
  };
  EXPECT_THAT(seen_by(kNurse).domains(), Not(IsEmpty()));
  EXPECT_THAT(seen_by(kCouncilOfficer).domains(), IsEmpty());
}

TEST_F(Decisions, AreNamedByTheHistory) {
  v1::SupportRequest received;
  received = Must(&Stub::ReceiveRequest, kNurse, Asking(v1::SupportRequest::KIND_CHC_CHECKLIST));
  v1::ListHistoryRequest request;
  request.set_parent(person_);
  request.set_service("eligibility");
  v1::ListHistoryResponse history;
  const auto changes = v1::ChangesService::NewStub(suite_.channel());
  ASSERT_TRUE(suite_.Call(*changes, &v1::ChangesService::Stub::ListHistory, kNurse, request, &history).ok());
  ASSERT_THAT(history.entries(), Not(IsEmpty()));
  EXPECT_THAT(history.entries().rbegin()->resources(),
              ElementsAre(received.name(), DecisionOf(person_, received.etag())));
}

TEST_F(Decisions, AreNotFoundWhereThereIsNone) {
  EXPECT_EQ(Refuses(person_ + "/decisions/99", "eligibility"), grpc::NOT_FOUND);
  EXPECT_EQ(Refuses(person_ + "/decisions/1", "payments"), grpc::NOT_FOUND);
  EXPECT_EQ(Refuses(person_ + "/determinations/1", "eligibility"), grpc::INVALID_ARGUMENT);
}

class ReplayedDecisions : public ::testing::Test {
 protected:
  using Replay = v1::DecisionsService::Stub;

  // Registers a person in that role and records a whole assessment of them, under the policy that ships.
  // `other` is let in as the council of residence, where one is given.
  void Assess(const As& as, v1::ResponsibilityRole role, const std::optional<As>& other = std::nullopt) {
    testing::Successive before = Server();
    v1::RegisterPersonRequest registering;
    registering.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
    registering.mutable_identifier()->set_value(ipb::testing::NewNhsNumber());
    registering.set_birth_date("1948-03-15");
    registering.set_role(role);
    const v1::Person person = before.Must(&v1::PeopleService::Stub::RegisterPerson, as, registering);
    if (other) {
      registering.set_role(v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
      before.Must(&v1::PeopleService::Stub::RegisterPerson, *other, registering);
      v1::AcceptResponsibilityRequest accept;
      accept.set_name(person.name());
      accept.set_organisation(other->organisation);
      before.Must(&v1::PeopleService::Stub::AcceptResponsibility, as, accept);
    }
    v1::RecordAssessmentRequest assessing = Assessing(person.name(), WholeEvidence());
    assessing.set_complete(true);
    const v1::Assessment assessed = before.Must(&Stub::RecordAssessment, as, assessing);
    request_.set_service("eligibility");
    request_.set_name(DecisionOf(person.name(), assessed.etag()));
    const auto same = before.Must(&Replay::ReplayDecision, as, request_);
    EXPECT_THAT(same.differences(), IsEmpty());
    EXPECT_EQ(same.refusal(), "");
    EXPECT_EQ(same.policy_version(), same.decision().policy_version());
  }

  // The same decision by a server that came up later, with one text of policy replaced.
  v1::ReplayDecisionResponse ReplayWith(const As& as, const std::string& from, const std::string& to) {
    const ipb::testing::Folder folder;
    testing::Successive after =
        Server(testing::PolicyWith(folder, "national/eligibility.textproto", from, to));
    auto replayed = after.Must(&Replay::ReplayDecision, as, request_);
    EXPECT_NE(replayed.policy_version(), replayed.decision().policy_version());
    return replayed;
  }

  v1::ReplayDecisionRequest request_;

 private:
  testing::Successive Server(const std::string& policy = "") const {
    return testing::Successive({people::Factory(), Factory()}, folder_, "2026-11-22", policy);
  }

  const testing::Folder folder_;
};

TEST_F(ReplayedDecisions, SayWhatAnotherPolicyWouldHaveDecided) {
  Assess(kCouncilOfficer, v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
  const auto replayed =
      ReplayWith(kCouncilOfficer, "minimum_unable_outcomes: 2", "minimum_unable_outcomes: 10");
  EXPECT_EQ(replayed.refusal(), "");
  std::vector<std::string> fields;
  for (const v1::DecisionDifference& difference : replayed.differences())
    fields.push_back(difference.field());
  EXPECT_THAT(fields, Contains("findings.care_act.conditions_met"));
}

TEST_F(ReplayedDecisions, CountWhatIsNotForTheCallersEyes) {
  Assess(kCouncilOfficer, v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
  const auto replayed = ReplayWith(kCouncilOfficer, "D-ONE-SEVERE", "D-ONE-OTHER");
  EXPECT_GT(replayed.hidden_differences(), 0) << replayed.DebugString();
}

TEST_F(ReplayedDecisions, KeepTheWordsOfARefusalForTheKindOfBodyThatDecided) {
  Assess(kNurse, v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB, kCouncilOfficer);
  const auto replayed =
      ReplayWith(kCouncilOfficer, "NEED_LEVEL_HIGH, NEED_LEVEL_SEVERE]", "NEED_LEVEL_HIGH]");
  EXPECT_THAT(replayed.refusal(), ::testing::AllOf(::testing::HasSubstr("would be refused"),
                                                   Not(::testing::HasSubstr("severe"))));
  EXPECT_THAT(replayed.refused_rules(), Not(IsEmpty()));
}

TEST_F(ReplayedDecisions, SayByWhichRulesTheyWouldNowBeRefused) {
  Assess(kNurse, v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB);
  const auto replayed = ReplayWith(kNurse, "NEED_LEVEL_HIGH, NEED_LEVEL_SEVERE]", "NEED_LEVEL_HIGH]");
  EXPECT_NE(replayed.refusal(), "");
  EXPECT_THAT(replayed.refused_rules(), Not(IsEmpty()));
  EXPECT_THAT(replayed.outcome(), IsEmpty());
}

}  // namespace
}  // namespace ipb::eligibility
