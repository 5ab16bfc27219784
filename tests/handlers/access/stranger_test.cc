// Walks every method of every service as an organisation that is responsible for nobody: each one that could tell
// something of a person must answer NOT_FOUND. A method without a case here fails the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/text_format.h"
#include "ipb/v1/people_service.grpc.pb.h"
#include "services/allocation/service.h"
#include "services/careplanning/service.h"
#include "services/eligibility/service.h"
#include "services/payments/service.h"
#include "services/people/service.h"
#include "services/reviews/service.h"
#include "tests/support/methods.h"
#include "tests/support/request_filler.h"
#include "tests/support/running_suite.h"

namespace ipb {
namespace {

using google::protobuf::MethodDescriptor;

// What a stranger may get.
enum class Case {
  kHidden,     // NOT_FOUND, in the same words as for a person who does not exist
  kStateless,  // the method knows no person: nothing to hide
  kOwnOnly,    // it makes or lists what is the caller's own, and shows nothing of others
};

// A method, what a stranger may get, and what the request needs beyond its required fields.
struct MethodCase {
  Case expected;
  const char* extra = "";
};

const std::map<std::string, MethodCase>& Cases();

std::string StateOf(const grpc::Status& status) {
  return absl::StrCat(status.error_code(), " ", status.error_message(), " ",
                      ::testing::PrintToString(testing::DetailsOf(status).fields()));
}

class StrangerTest : public ::testing::Test {
 protected:
  StrangerTest()
      : suite_({people::Factory(), eligibility::Factory(), allocation::Factory(), careplanning::Factory(),
               payments::Factory(), reviews::Factory()}) {
    v1::RegisterPersonRequest request;
    request.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
    request.mutable_identifier()->set_value(testing::NewNhsNumber());
    request.set_birth_date("1960-05-01");
    request.set_role(v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
    v1::Person person;
    const auto people = v1::PeopleService::NewStub(suite_.channel());
    const grpc::Status status =
        suite_.Call(*people, &v1::PeopleService::Stub::RegisterPerson, testing::kCouncil, request, &person);
    EXPECT_TRUE(status.ok()) << status.error_message();
    someone_ = {person.name().substr(sizeof("people/") - 1), "0123456789abcdefghjkmnpqrs"};
  }

  std::unique_ptr<google::protobuf::Message> RequestFor(const MethodDescriptor* method, const MethodCase& of_method,
                                                        const testing::Subjects& subjects) {
    std::unique_ptr<google::protobuf::Message> request(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(method->input_type())->New());
    const std::string extra = absl::StrReplaceAll(of_method.extra, {{"{person}", subjects.person}});
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(extra, request.get())) << method->full_name();
    testing::FillRequired(*request, subjects);
    return request;
  }

  grpc::Status CallAsStranger(const MethodDescriptor* method, const google::protobuf::Message& request) {
    return suite_.CallAny(*method, testing::kStranger, request).status;
  }

  testing::RunningSuite suite_;
  testing::Subjects someone_;
};

TEST_F(StrangerTest, GetsNotFoundFromEveryMethodThatKnowsAPerson) {
  const testing::Subjects nobody{"00000000000000000000000000", "00000000000000000000000000"};
  int walked = 0;
  for (const MethodDescriptor* method : testing::EveryMethod()) {
    const std::string name = testing::ShortName(*method);
    const auto found = Cases().find(name);
    if (found == Cases().end()) {
      ADD_FAILURE() << name << " has no case";
      continue;
    }
    ++walked;
    if (method->server_streaming() || found->second.expected != Case::kHidden) continue;
    const auto request = RequestFor(method, found->second, someone_);
    const grpc::Status status = CallAsStranger(method, *request);
    EXPECT_EQ(status.error_code(), grpc::NOT_FOUND) << name << ": " << StateOf(status) << "\n"
                                                    << request->DebugString();
    const auto of_nobody = RequestFor(method, found->second, nobody);
    EXPECT_EQ(CallAsStranger(method, *of_nobody).error_code(), status.error_code())
        << name << " tells a person who exists from one who does not";
  }
  EXPECT_EQ(walked, static_cast<int>(Cases().size())) << "a case names a method that does not exist";
}

struct NamedCase {
  const char* method;
  MethodCase of_method;
};

constexpr NamedCase kCases[] = {
    {"PeopleService.RegisterPerson", {Case::kOwnOnly}},
    {"PeopleService.GetPerson", {Case::kHidden}},
    {"PeopleService.LookupPerson", {Case::kHidden, "identifier { kind: IDENTIFIER_KIND_LOCAL value: 'a' }"}},
    {"PeopleService.AcceptResponsibility", {Case::kHidden}},
    {"PeopleService.EndResponsibility", {Case::kHidden}},
    {"PeopleService.TransferResponsibility", {Case::kHidden}},
    // Shows a person to whoever says in the open why they cannot wait; a stranger without an identifier finds nobody.
    {"PeopleService.ClaimUrgentResponsibility",
     {Case::kHidden, "identifier { kind: IDENTIFIER_KIND_LOCAL value: 'a' }"}},
    {"PeopleService.AddIdentifier", {Case::kHidden}},
    {"PeopleService.RemoveIdentifier", {Case::kHidden}},
    {"PeopleService.UpdatePerson", {Case::kHidden}},
    {"PeopleService.MergePeople", {Case::kHidden}},
    {"PeopleService.SplitPerson", {Case::kHidden}},
    {"PeopleService.RecordCircumstance", {Case::kHidden}},
    {"PeopleService.EndCircumstance", {Case::kHidden}},
    {"PeopleService.ListCircumstances", {Case::kHidden}},
    {"PeopleService.CorrectCircumstance", {Case::kHidden}},
    {"PeopleService.RecordCapacityDecision", {Case::kHidden}},
    {"PeopleService.ListCapacityDecisions", {Case::kHidden}},
    {"PeopleService.AppointRepresentative", {Case::kHidden}},
    {"PeopleService.EndRepresentative", {Case::kHidden}},
    {"PeopleService.ListRepresentatives", {Case::kHidden}},
    {"PeopleService.GetAuthority", {Case::kHidden}},
    {"PeopleService.RecordPaymentExclusion", {Case::kHidden}},
    {"PeopleService.EndPaymentExclusion", {Case::kHidden}},
    {"PeopleService.ListPaymentExclusions", {Case::kHidden}},
    {"PeopleService.RecordRelationship", {Case::kHidden, "party: 'p'"}},
    {"PeopleService.EndRelationship", {Case::kHidden}},
    {"PeopleService.ListRelationships", {Case::kHidden}},
    {"EligibilityService.ReceiveRequest", {Case::kHidden}},
    {"EligibilityService.CloseRequest", {Case::kHidden}},
    {"EligibilityService.ListRequests", {Case::kHidden}},
    {"EligibilityService.RecordAssessment", {Case::kHidden}},
    {"EligibilityService.UpdateAssessment", {Case::kHidden}},
    {"EligibilityService.GetAssessment", {Case::kHidden}},
    {"EligibilityService.ListAssessments", {Case::kHidden}},
    {"EligibilityService.EvaluateEligibility", {Case::kStateless}},
    {"EligibilityService.RecordRecommendation", {Case::kHidden}},
    {"EligibilityService.RecordDetermination", {Case::kHidden}},
    {"EligibilityService.NotifyDetermination", {Case::kHidden}},
    {"EligibilityService.RecordBudgetGrant", {Case::kHidden}},
    {"EligibilityService.EndDetermination", {Case::kHidden}},
    {"EligibilityService.DisputeDetermination", {Case::kHidden}},
    {"EligibilityService.UpholdDetermination", {Case::kHidden}},
    {"EligibilityService.OverturnDetermination", {Case::kHidden}},
    // An NHS body counts what is its own; others are refused.
    {"EligibilityService.CountContinuingHealthcareDecisions", {Case::kOwnOnly}},
    {"EligibilityService.GetDetermination", {Case::kHidden}},
    {"EligibilityService.ListDeterminations", {Case::kHidden}},
    {"EligibilityService.GetEntitlements", {Case::kHidden}},
    {"AllocationService.RecordFinancialAssessment", {Case::kHidden}},
    {"AllocationService.GetFinancialAssessment", {Case::kHidden}},
    {"AllocationService.ListFinancialAssessments", {Case::kHidden}},
    {"AllocationService.EvaluateCharge", {Case::kStateless}},
    {"AllocationService.EvaluateAllocation", {Case::kStateless}},
    {"AllocationService.EvaluateIndicativeAmount", {Case::kStateless}},
    {"AllocationService.FitAllocationTable", {Case::kStateless}},
    // A simulation counts cases that it is given, and of the live caseload the caller's own.
    {"AllocationService.SimulateAllocations", {Case::kOwnOnly}},
    {"AllocationService.CreateBudget", {Case::kHidden}},
    {"AllocationService.GetBudget", {Case::kHidden}},
    {"AllocationService.ListBudgets", {Case::kHidden}},
    {"AllocationService.ReviseBudget", {Case::kHidden}},
    {"AllocationService.AgreeBudget", {Case::kHidden}},
    {"AllocationService.EndFunding", {Case::kHidden}},
    // An uplift is its maker's own, and finds only budgets with the maker's money.
    {"AllocationService.ApplyUplift", {Case::kOwnOnly}},
    {"AllocationService.GetUplift", {Case::kHidden}},
    {"AllocationService.ListUpliftVerdicts", {Case::kHidden}},
    {"AllocationService.ReleaseUplift",
     {Case::kHidden, "digest: '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'"}},
    {"AllocationService.CancelUplift", {Case::kHidden}},
    {"AllocationService.HandOverFunding", {Case::kHidden}},
    {"AllocationService.RederiveBudget", {Case::kHidden}},
    {"CarePlanningService.CreatePlan", {Case::kHidden}},
    {"CarePlanningService.UpdatePlan", {Case::kHidden, "plan { name: 'people/{person}/plans/1' } update_mask { paths: 'lines' }"}},
    {"CarePlanningService.GetPlan", {Case::kHidden}},
    {"CarePlanningService.ListPlans", {Case::kHidden}},
    {"CarePlanningService.CheckPlan", {Case::kHidden}},
    {"CarePlanningService.ProposePlan", {Case::kHidden}},
    {"CarePlanningService.SignPlan", {Case::kHidden}},
    {"CarePlanningService.ApprovePlan", {Case::kHidden}},
    {"CarePlanningService.ReturnPlan", {Case::kHidden}},
    {"CarePlanningService.RevisePlan", {Case::kHidden}},
    {"CarePlanningService.EndPlan", {Case::kHidden}},
    {"CarePlanningService.CheckSpending", {Case::kHidden}},
    {"PaymentsService.ProposePayee", {Case::kHidden}},
    {"PaymentsService.ApprovePayee", {Case::kHidden}},
    {"PaymentsService.GetPayee", {Case::kHidden}},
    {"PaymentsService.OpenAgreement", {Case::kHidden}},
    {"PaymentsService.GetAgreement", {Case::kHidden}},
    {"PaymentsService.ListAgreements", {Case::kHidden}},
    {"PaymentsService.CloseAgreement", {Case::kHidden}},
    // A run is its maker's own, and finds only the maker's agreements.
    {"PaymentsService.CreatePaymentRun", {Case::kOwnOnly}},
    {"PaymentsService.GetPaymentRun", {Case::kHidden}},
    {"PaymentsService.ListRunPayments", {Case::kHidden}},
    {"PaymentsService.ReleasePaymentRun",
     {Case::kHidden, "digest: '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'"}},
    {"PaymentsService.CancelPaymentRun", {Case::kHidden}},
    {"PaymentsService.ExportPaymentRun", {Case::kHidden}},
    {"PaymentsService.SettlePayments",
     {Case::kHidden, "results { end_to_end_id: 'IPB0123456789abcdef0123456789abcdef' outcome: OUTCOME_SETTLED outcome_date: '2025-06-02' }"}},
    {"PaymentsService.HoldPayment", {Case::kHidden}},
    {"PaymentsService.ReleaseHold", {Case::kHidden}},
    {"PaymentsService.GetPayment", {Case::kHidden}},
    {"PaymentsService.ListPayments", {Case::kHidden}},
    {"PaymentsService.RecordSpending", {Case::kHidden}},
    {"PaymentsService.ListTransactions", {Case::kHidden}},
    {"PaymentsService.GetBalance", {Case::kHidden}},
    {"PaymentsService.GetStatement", {Case::kHidden}},
    {"ReviewsService.ScheduleReview", {Case::kHidden}},
    {"ReviewsService.RescheduleReview", {Case::kHidden}},
    {"ReviewsService.CancelReview", {Case::kHidden}},
    {"ReviewsService.GetReview", {Case::kHidden}},
    {"ReviewsService.ListReviews", {Case::kHidden}},
    {"ReviewsService.ListDueReviews", {Case::kOwnOnly}},
    {"ReviewsService.StartReview", {Case::kHidden}},
    {"ReviewsService.CompleteReview", {Case::kHidden}},
    // Shows a stranger no change; people_test watches as one.
    {"ChangesService.Watch", {Case::kOwnOnly}},
    {"ChangesService.ListHistory", {Case::kHidden, "service: 'people'"}},
    // A person whom nobody is responsible for here may be stated by whoever is, by their own statement.
    {"StatementsService.RecordStatement", {Case::kOwnOnly}},
    {"StatementsService.ListStatements", {Case::kHidden, "service: 'people'"}},
    {"DecisionsService.GetDecision", {Case::kHidden, "service: 'people'"}},
    {"DecisionsService.ReplayDecision", {Case::kHidden, "service: 'eligibility'"}},
    {"PolicyService.GetPolicy", {Case::kStateless}},
};

const std::map<std::string, MethodCase>& Cases() {
  static const auto* cases = [] {
    auto* made = new std::map<std::string, MethodCase>;
    for (const NamedCase& one : kCases) (*made)[one.method] = one.of_method;
    return made;
  }();
  return *cases;
}

}  // namespace
}  // namespace ipb
