// What the means test found of a person is the council's to know: an NHS caller sees none of it in any reply or error,
// whatever is read, made, repeated or refused. The amounts are chosen so that they stand out in any text. And what
// clinicians found is not for the council.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/text_format.h"
#include "ipb/v1/changes_service.pb.h"
#include "ipb/v1/options.pb.h"
#include "ipb/v1/payments_service.grpc.pb.h"
#include "re2/re2.h"
#include "services/payments/service.h"
#include "tests/handlers/careplanning/fixture.h"
#include "tests/handlers/eligibility/fixture.h"
#include "tests/support/methods.h"

namespace ipb {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using testing::As;

constexpr int64_t kContributionPence = 4321;
constexpr int64_t kCapitalPence = 1987654;
// The council's two thirds of 324.00 a week.
constexpr int64_t kCouncilGrossPence = 21600;
// What tells them, in pence and pounds: the amounts, the council's part less the contribution, and both for the three
// and four weeks of the first cycle and a later one.
constexpr char kTelling[] =
    R"(\b(4321|43\.21|12963|129\.63|17284|172\.84|17279|172\.79|51837|518\.37|69116|691\.16|1987654|19,?876\.54)\b)";

// The paths of all fields of a purpose that are set, at any depth, and of messages that say it of themselves.
void Collect(const Message& message, v1::Purpose purpose, const std::string& path, std::vector<std::string>& found) {
  std::vector<const FieldDescriptor*> fields;
  const auto& reflect = *message.GetReflection();
  reflect.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string name = absl::StrCat(path, ".", field->name());
    if (field->options().GetExtension(v1::purpose) == purpose) found.push_back(name);
    if (field->enum_type() == v1::Purpose_descriptor() && reflect.GetEnumValue(message, field) == purpose) {
      found.push_back(name);
    }
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      Collect(reflect.GetMessage(message, field), purpose, name, found);
      continue;
    }
    for (int i = 0; i < reflect.FieldSize(message, field); ++i) {
      Collect(reflect.GetRepeatedMessage(message, field, i), purpose, name, found);
    }
  }
}

std::vector<std::string> FieldsOf(const Message& message, v1::Purpose purpose) {
  std::vector<std::string> found;
  Collect(message, purpose, "", found);
  return found;
}

std::vector<process::ServiceFactory> WithPayments() {
  std::vector<process::ServiceFactory> services = careplanning::Services();
  services.push_back(payments::Factory());
  return services;
}

// A joint package in effect: means assessed, the budget agreed, a direct payment paid by each funder.
class NhsEyesTest : public ::testing::Test, protected careplanning::Planning {
 protected:
  using Answer = testing::RunningSuite::AnyReply;

  NhsEyesTest() : Planning(std::make_unique<testing::RunningSuite>(WithPayments())) {
    person_ = NewPerson();
    AssessTellingMeans();
    const v1::Plan almost = AlmostApproved(Creating(NewBudget().name()));
    plan_ = Must(&Stub::ApprovePlan, careplanning::kManager, careplanning::CouncilApproval(almost.name()));
    EXPECT_EQ(plan_.state(), v1::Plan::STATE_ACTIVE) << plan_.ShortDebugString();
    suite_->SetDate("2025-06-09");
    council_agreement_ = Pay(testing::kCouncil, testing::kSecondCouncilOfficer);
    icb_agreement_ = Pay(testing::kIcb, testing::kSecondIcbOfficer);
  }

  // Calls a method with a request in text form, in which $P, $B, $E, $L, $C and $I stand for the person, the agreed
  // budget, the estimate, the plan and the agreements of the council and of the ICB.
  Answer Ask(const As& as, const std::string& method, const std::string& text) {
    const std::string filled = absl::StrReplaceAll(
        text, {{"$P", person_}, {"$B", plan_.budget()}, {"$E", absl::StrCat(person_, "/budgets/1")},
               {"$L", plan_.name()}, {"$C", council_agreement_}, {"$I", icb_agreement_}});
    const auto& descriptor = testing::MethodNamed(method);
    const std::unique_ptr<Message> request(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor.input_type())->New());
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(filled, request.get())) << method << ": " << filled;
    return suite_->CallAny(descriptor, as, *request);
  }
  template <typename Reply>
  Reply Done(const As& as, const std::string& method, const std::string& text) {
    const Answer answer = Ask(as, method, text);
    EXPECT_TRUE(answer.status.ok()) << method << ": " << answer.status.error_message();
    return answer.reply ? dynamic_cast<const Reply&>(*answer.reply) : Reply();
  }

  // An income that the person's contribution follows from, whatever the rates of the year are.
  void AssessTellingMeans() {
    const auto facts = [](int64_t income_pence) {
      return absl::StrCat("facts { household { relationship: RELATIONSHIP_SINGLE birth_date: '1975-03-01' } ",
                          "income { kind: INCOME_KIND_OTHER weekly_pence: ", income_pence, " } ",
                          "capital { kind: CAPITAL_KIND_SAVINGS value_pence: ", kCapitalPence, " } } ");
    };
    constexpr int64_t kFirstPence = 30000;
    const auto trial = Done<v1::EvaluateChargeResponse>(
        testing::kCouncil, "AllocationService.EvaluateCharge",
        absl::StrCat(facts(kFirstPence), "lines { basis: FUNDING_BASIS_CARE_ACT weekly_pence: ", kCouncilGrossPence,
                     " } decision_date: '2025-06-09'"));
    const int64_t maximum = trial.charge().means_test().maximum_weekly_pence();
    ASSERT_GT(maximum, 0);
    Done<v1::FinancialAssessment>(testing::kCouncil, "AllocationService.RecordFinancialAssessment",
                                  absl::StrCat("parent: '$P' effective_from_date: '2025-04-06' "
                                               "decision { reasons: 'assessed' } ",
                                               facts(kFirstPence - maximum + kContributionPence)));
  }

  // Opens an agreement with a payee that two people know, prepares and releases a run for it; gives the agreement.
  std::string Pay(const As& first, const As& second) {
    const auto request = [] { return absl::StrCat("request_id: '", testing::NewRequestId(), "' "); };
    const auto payee = Done<v1::Payee>(
        first, "PaymentsService.ProposePayee",
        absl::StrCat(request(), "parent: '$P' kind: PAYEE_KIND_PERSON account_name: 'A Person' sort_code: '010203' "
                                "account_number: '12345678' dedicated_account: true"));
    Done<v1::Payee>(second, "PaymentsService.ApprovePayee",
                    absl::StrCat(request(), "name: '", payee.name(), "' account_name_check: ACCOUNT_NAME_CHECK_MATCH ",
                                 "called_back: true decision { reasons: 'called back' }"));
    const auto agreement = Done<v1::Agreement>(
        first, "PaymentsService.OpenAgreement",
        absl::StrCat(request(), "parent: '$P' plan: '$L' management_option: MANAGEMENT_OPTION_DIRECT_PAYMENT payee: '",
                     payee.name(), "' arrangement: FUNDING_ARRANGEMENT_ALIGNED payment_basis: PAYMENT_BASIS_NET ",
                     "first_date: '2025-06-09'"));
    const auto run = Done<v1::PaymentRun>(first, "PaymentsService.CreatePaymentRun",
                                          absl::StrCat(request(), "pay_date: '2025-06-09'"));
    EXPECT_EQ(run.payment_count(), 1) << run.ShortDebugString();
    runs_.push_back(run.name());
    Done<v1::PaymentRun>(second, "PaymentsService.ReleasePaymentRun",
                         absl::StrCat(request(), "name: '", run.name(), "' digest: '", run.digest(), "' total_pence: ",
                                      run.total_pence(), " decision { reasons: 'looked through' }"));
    return agreement.name();
  }

  // Neither the reply nor the error says anything of the means test.
  void ExpectNothingTold(const std::string& method, const Answer& answer) {
    std::string text = absl::StrCat(answer.status.error_message(), " ", answer.status.error_details());
    if (answer.reply) {
      EXPECT_THAT(FieldsOf(*answer.reply, v1::PURPOSE_MEANS), ::testing::IsEmpty()) << method;
      absl::StrAppend(&text, answer.reply->DebugString());
    }
    // A request id is random: one of its groups can read like an amount.
    static const RE2 request_id(R"([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})");
    RE2::GlobalReplace(&text, request_id, "");
    static const RE2 telling(kTelling);
    std::string told;
    EXPECT_FALSE(RE2::PartialMatch(text, telling, &told)) << method << " tells " << told << ": " << text;
  }

  v1::Plan plan_;
  std::string council_agreement_;
  std::string icb_agreement_;
  std::vector<std::string> runs_;
};

// A read, and whether the ICB is answered.
struct Read {
  const char* method;
  const char* request;
  bool answered = true;
};

constexpr Read kReads[] = {
    {"AllocationService.GetBudget", "name: '$B'"},
    {"AllocationService.GetBudget", "name: '$E'"},
    {"AllocationService.ListBudgets", "parent: '$P'"},
    {"AllocationService.GetFinancialAssessment", "name: '$P/financialAssessments/1'", false},
    {"AllocationService.ListFinancialAssessments", "parent: '$P'", false},
    {"AllocationService.EvaluateCharge",
     "lines { basis: FUNDING_BASIS_CARE_ACT weekly_pence: 30000 } decision_date: '2025-06-09'", false},
    {"AllocationService.EvaluateAllocation",
     "components { component_id: 'care' description: 'Care' kind: COMPONENT_KIND_ONGOING unit: COST_UNIT_HOUR "
     "minutes_per_week: 600 unit_rate_pence: 2000 shares { organisation: 'QZZ' "
     "basis: FUNDING_BASIS_JOINT_PACKAGE share { numerator: 1 denominator: 1 } } } decision_date: '2025-06-09'"},
    {"AllocationService.EvaluateIndicativeAmount",
     "table: 'adults' answers { question: 'washing' answer: 'help' } decision_date: '2025-06-09'", false},
    {"AllocationService.EvaluateIndicativeAmount",
     "wheelchair { unit_rates: 'wheelchair-manual' option: WHEELCHAIR_BUDGET_OPTION_THIRD_PARTY chosen_pence: 90000 } "
     "decision_date: '2025-06-09'"},
    {"AllocationService.FitAllocationTable", "sample { points: 10 weekly_pence: 5000 } budget_weekly_pence: 5000"},
    {"CarePlanningService.GetPlan", "name: '$L'"},
    {"CarePlanningService.ListPlans", "parent: '$P'"},
    {"CarePlanningService.CheckPlan", "name: '$L'"},
    {"CarePlanningService.CheckSpending",
     "name: '$L' line_id: 'l1' category: SPENDING_CATEGORY_PERSONAL_ASSISTANT spending_date: '2025-06-10'"},
    {"PaymentsService.GetAgreement", "name: '$C'"},
    {"PaymentsService.GetAgreement", "name: '$I'"},
    {"PaymentsService.ListAgreements", "parent: '$P'"},
    {"PaymentsService.GetPayee", "name: '$P/payees/2'"},
    {"PaymentsService.GetPayment", "name: '$P/payments/1'"},
    {"PaymentsService.GetPayment", "name: '$P/payments/2'"},
    {"PaymentsService.ListPayments", "parent: '$P'"},
    {"PaymentsService.ListTransactions", "parent: '$P'"},
    {"PaymentsService.GetBalance", "name: '$C'"},
    {"PaymentsService.GetBalance", "name: '$I'"},
    {"PaymentsService.GetStatement", "name: '$C' to_date: '2025-08-31'"},
    {"PaymentsService.GetStatement", "name: '$I' to_date: '2025-08-31'"},
    {"ChangesService.ListHistory", "parent: '$P' service: 'allocation'"},
    {"ChangesService.ListHistory", "parent: '$P' service: 'payments'"},
    {"StatementsService.ListStatements", "parent: '$P' service: 'payments'"},
};

TEST_F(NhsEyesTest, TheCouncilSeesWhatTheMeansTestFound) {
  const auto budget = Done<v1::Budget>(testing::kCouncil, "AllocationService.GetBudget", "name: '$B'");
  EXPECT_EQ(budget.contribution_weekly_pence(), kContributionPence);
  EXPECT_EQ(budget.council_net_weekly_pence(), kCouncilGrossPence - kContributionPence);
  EXPECT_THAT(FieldsOf(budget, v1::PURPOSE_MEANS), ::testing::Not(::testing::IsEmpty()));
  const auto payments =
      Done<v1::ListPaymentsResponse>(testing::kCouncil, "PaymentsService.ListPayments", "parent: '$P'");
  ASSERT_EQ(payments.payments_size(), 2);
  EXPECT_EQ(payments.payments(0).contribution_pence(), 3 * kContributionPence);
  EXPECT_EQ(payments.payments(1).contribution_pence(), 0);
}

TEST_F(NhsEyesTest, NoReadTellsTheIcb) {
  for (const Read& read : kReads) {
    const Answer answer = Ask(testing::kIcb, read.method, read.request);
    EXPECT_EQ(answer.status.ok(), read.answered) << read.method << ": " << answer.status.error_message();
    ExpectNothingTold(read.method, answer);
  }
  for (size_t i = 0; i < runs_.size(); ++i) {
    for (const char* method : {"PaymentsService.GetPaymentRun", "PaymentsService.ListRunPayments"}) {
      const char* field = absl::string_view(method) == "PaymentsService.GetPaymentRun" ? "name" : "parent";
      const Answer answer = Ask(testing::kIcb, method, absl::StrCat(field, ": '", runs_[i], "'"));
      EXPECT_EQ(answer.status.ok(), i == 1) << method << " of the " << (i == 1 ? "ICB" : "council");
      ExpectNothingTold(method, answer);
    }
  }
}

TEST_F(NhsEyesTest, EveryReadOfMoneyIsAmongThem) {
  // A simulation is for councils alone; its stream is tried where it is tested.
  std::set<std::string> read = {"PaymentsService.GetPaymentRun", "PaymentsService.ListRunPayments",
                                "AllocationService.SimulateAllocations",
                                // An uplift is its own organisation's, and tells of nobody else's money.
                                "AllocationService.GetUplift", "AllocationService.ListUpliftVerdicts"};
  for (const Read& one : kReads) read.insert(one.method);
  for (const char* name : {"AllocationService", "CarePlanningService", "PaymentsService"}) {
    const auto* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(absl::StrCat("ipb.v1.", name));
    for (int i = 0; i < service->method_count(); ++i) {
      const auto* method = service->method(i);
      if (method->options().GetExtension(v1::method).mutates()) continue;
      EXPECT_EQ(read.count(absl::StrCat(name, ".", method->name())), 1u) << method->full_name();
    }
  }
}

// A revision of the agreed budget by that many minutes a week.
std::string Revising(int minutes) {
  return absl::StrCat(
      "name: '$B' effective_from_date: '2025-07-07' decision { reasons: 'other hours' } "
      "determinations: '$P/determinations/1' components { component_id: 'care' description: 'Personal assistant' "
      "kind: COMPONENT_KIND_ONGOING unit: COST_UNIT_HOUR unit_rate: 'pa-hour' minutes_per_week: ", minutes,
      " shares { organisation: 'E10000019' basis: FUNDING_BASIS_CARE_ACT share { numerator: 2 denominator: 3 } } "
      "shares { organisation: 'QZZ' basis: FUNDING_BASIS_JOINT_PACKAGE share { numerator: 1 denominator: 3 } } } ");
}

std::string Agreeing(int weekly_pence) {
  return absl::StrCat("name: '$E' plan: '$L' decision { reasons: 'as the plan says' } "
                      "amounts { component_id: 'equipment' one_off_pence: 90000 } "
                      "amounts { component_id: 'care' weekly_pence: ", weekly_pence, " } ");
}

TEST_F(NhsEyesTest, NoReplyMadeOrRepeatedTellsTheIcb) {
  const std::map<std::string, std::string> writes = {{"AllocationService.AgreeBudget", Agreeing(32400)},
                                                     {"AllocationService.ReviseBudget", Revising(1320)}};
  for (const auto& [method, fields] : writes) {
    const std::string request = absl::StrCat(fields, "request_id: '", testing::NewRequestId(), "'");
    for (const char* time : {"", ", repeated"}) {
      const Answer answer = Ask(testing::kIcb, method, request);
      ASSERT_TRUE(answer.status.ok()) << method << time << ": " << answer.status.error_message();
      ExpectNothingTold(method + time, answer);
    }
  }
}

TEST_F(NhsEyesTest, NoRefusalTellsTheIcb) {
  const std::multimap<std::string, std::string> refused = {
      {"AllocationService.AgreeBudget", Agreeing(30000)},
      {"AllocationService.ReviseBudget", Revising(600)},
      {"AllocationService.ReviseBudget", Revising(1320) + "etag: 'old'"},
      {"AllocationService.EndFunding",
       "name: '$E' effective_to_date: '2025-07-06' end_reason: END_REASON_DEATH decision { reasons: 'not needed' }"},
      {"CarePlanningService.ApprovePlan", "name: '$L' decision { reasons: 'again' }"},
      {"PaymentsService.CloseAgreement",
       absl::StrCat("name: '$C' last_date: '2025-07-06' reason: CLOSE_REASON_PERSON_ASKED "
                    "decision { reasons: 'other needs' } request_id: '", testing::NewRequestId(), "'")}};
  for (const auto& [method, request] : refused) {
    const Answer answer = Ask(testing::kIcb, method, request);
    EXPECT_FALSE(answer.status.ok()) << method << ": " << request;
    EXPECT_NE(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << answer.status.error_message();
    ExpectNothingTold(method + ", refused", answer);
  }
}

TEST_F(NhsEyesTest, NoDecisionShownOrMadeAgainTellsTheIcb) {
  const auto history = Done<v1::ListHistoryResponse>(testing::kCouncil, "ChangesService.ListHistory",
                                                     "parent: '$P' service: 'allocation'");
  std::set<std::string> decisions;
  for (const v1::HistoryEntry& entry : history.entries()) {
    for (const std::string& resource : entry.resources()) {
      if (absl::StrContains(resource, "/decisions/")) decisions.insert(resource);
    }
  }
  EXPECT_GE(decisions.size(), 3u) << "means assessed, a budget made and agreed";
  for (const std::string& decision : decisions) {
    for (const char* method : {"DecisionsService.GetDecision", "DecisionsService.ReplayDecision"}) {
      const Answer answer = Ask(testing::kIcb, method, absl::StrCat("name: '", decision, "' service: 'allocation'"));
      ASSERT_TRUE(answer.status.ok()) << method << ": " << answer.status.error_message();
      ExpectNothingTold(method, answer);
    }
  }
}

// The other way round: what clinicians found is not the council's to read.
class CouncilEyesTest : public eligibility::EligibilityTest {
 protected:
  static constexpr char kFound[] = "Found in the clinical notes of ward seven.";

  static void ExpectNothingTold(const Message& reply) {
    EXPECT_THAT(FieldsOf(reply, v1::PURPOSE_HEALTH), ::testing::IsEmpty());
    EXPECT_THAT(reply.DebugString(), ::testing::Not(::testing::HasSubstr(kFound)));
  }
};

TEST_F(CouncilEyesTest, NoAssessmentTellsTheCouncilWhatCliniciansFound) {
  using eligibility::Stub;
  v1::RecordAssessmentRequest request = Assessing(eligibility::WholeEvidence());
  request.set_complete(true);
  request.set_request_id(testing::NewRequestId());
  for (auto& domain : *request.mutable_evidence()->mutable_decision_support_tool()->mutable_domains()) {
    domain.set_description(kFound);
  }
  const auto recorded = Must(&Stub::RecordAssessment, eligibility::kCouncilOfficer, request);
  ExpectNothingTold(recorded);
  ExpectNothingTold(Must(&Stub::RecordAssessment, eligibility::kCouncilOfficer, request));
  v1::GetAssessmentRequest get;
  get.set_name(recorded.name());
  ExpectNothingTold(Must(&Stub::GetAssessment, eligibility::kCouncilChair, get));
  v1::ListAssessmentsRequest list;
  list.set_parent(person_);
  ExpectNothingTold(Must(&Stub::ListAssessments, eligibility::kCouncilChair, list));

  const auto seen = Must(&Stub::GetAssessment, eligibility::kNurse, get);
  EXPECT_THAT(FieldsOf(seen, v1::PURPOSE_HEALTH), ::testing::Not(::testing::IsEmpty()));
  EXPECT_THAT(seen.DebugString(), ::testing::HasSubstr(kFound));
}

}  // namespace
}  // namespace ipb
