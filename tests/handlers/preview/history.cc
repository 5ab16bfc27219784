#include "tests/handlers/preview/history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/util/message_differencer.h"
#include "ipb/v1/care_planning_service.pb.h"
#include "ipb/v1/changed_budget.pb.h"
#include "ipb/v1/decisions_service.pb.h"
#include "ipb/v1/options.pb.h"
#include "ipb/v1/payments_service.pb.h"
#include "ipb/v1/people_service.pb.h"
#include "ipb/v1/uplift.pb.h"
#include "services/allocation/service.h"
#include "services/careplanning/service.h"
#include "services/eligibility/service.h"
#include "services/payments/service.h"
#include "services/people/service.h"
#include "services/reviews/service.h"
#include "tests/async/wait.h"
#include "tests/support/methods.h"

namespace ipb::preview {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

constexpr absl::CivilDay kFirstDay(2025, 6, 2);
constexpr int kPeople = 3;

// Methods whose call begins work and tries it at once. By the contract a preview, like the reply to a
// repeated request, shows what the call itself commits, and the first reply shows how far the work then came.
const std::set<std::string>& ReachingFurther() {
  static const auto* methods =
      new std::set<std::string>{"CarePlanningService.SignPlan",     "CarePlanningService.ApprovePlan",
                                "PaymentsService.CreatePaymentRun", "PaymentsService.ReleasePaymentRun",
                                "PaymentsService.CancelPaymentRun", "PaymentsService.SettlePayments",
                                "AllocationService.ApplyUplift",    "AllocationService.ReleaseUplift"};
  return *methods;
}

void SetText(Message& message, const char* field, const std::string& value) {
  message.GetReflection()->SetString(&message, message.GetDescriptor()->FindFieldByName(field), value);
}

void SetFlag(Message& message, const char* field, bool value) {
  message.GetReflection()->SetBool(&message, message.GetDescriptor()->FindFieldByName(field), value);
}

std::string TextOf(const Message& message, const char* field) {
  return message.GetReflection()->GetString(message, message.GetDescriptor()->FindFieldByName(field));
}

std::unique_ptr<Message> Copy(const Message& message) {
  std::unique_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  return copy;
}

// Fields that say when, at which revision and with which promise, not what.
class Volatile final : public google::protobuf::util::MessageDifferencer::IgnoreCriteria {
 public:
  bool IsIgnored(const Message& message, const Message&, const FieldDescriptor* field,
                 const std::vector<google::protobuf::util::MessageDifferencer::SpecificField>&) override {
    // The text of a file is made when the payments have moved.
    const bool file = message.GetDescriptor()->name() == "BankFile";
    if (file && (field->name() == "text" || field->name() == "sha256")) return true;
    return field->name() == "etag" || field->name() == "preview_token" ||
           field->name() == "superseded_time" || absl::EndsWith(field->name(), "recorded_time");
  }
};

std::string Difference(const Message& a, const Message& b) {
  google::protobuf::util::MessageDifferencer differencer;
  std::string difference;
  differencer.ReportDifferencesToString(&difference);
  differencer.AddIgnoreCriteria(new Volatile);
  return differencer.Compare(a, b) ? "" : difference;
}

std::string StateOf(const grpc::Status& status) {
  return absl::StrCat(status.error_code(), " ", status.error_message(), " ",
                      ::testing::PrintToString(testing::DetailsOf(status).rules()));
}

// Answers calls and does its work, and follows nobody of its own accord: what happens here is what a history
// does.
class OnlyAsked final : public process::HostedService {
 public:
  explicit OnlyAsked(std::unique_ptr<process::HostedService> service) : service_(std::move(service)) {}
  grpc::Service* grpc_service() override { return service_->grpc_service(); }
  std::vector<work::Job> jobs() override { return service_->jobs(); }

 private:
  const std::unique_ptr<process::HostedService> service_;
};

process::ServiceFactory WithoutFollowing(process::ServiceFactory factory) {
  auto make = std::move(factory.make);
  factory.make = [make](const server::Serving& serving, process::Upstreams& upstreams) {
    return std::make_unique<OnlyAsked>(make(serving, upstreams));
  };
  return factory;
}

process::Substitutes OnlyWhenAsked() {
  process::Substitutes substitutes;
  substitutes.work_by_itself = false;
  return substitutes;
}

std::vector<process::ServiceFactory> Factories(Hosting hosting) {
  if (hosting == Hosting::kPaymentsAlone) return {people::Factory(), payments::Factory()};
  return {people::Factory(),       eligibility::Factory(), allocation::Factory(),
          careplanning::Factory(), payments::Factory(),    WithoutFollowing(reviews::Factory())};
}

std::vector<absl::Span<const Step>> Tables(Hosting hosting) {
  if (hosting == Hosting::kPaymentsAlone) return {PeopleSteps(), StatementsSteps(), PaymentsSteps()};
  return {PeopleSteps(),       EligibilitySteps(), AllocationSteps(),
          CarePlanningSteps(), PaymentsSteps(),    ReviewsSteps()};
}

// A colleague of who calls.
As Colleague(const As& as) { return {as.organisation, as.actor + "-colleague", as.role}; }

// Lists that need nothing but a person.
const std::vector<const MethodDescriptor*>& ListsOfPeople() {
  static const auto* lists = [] {
    auto* found = new std::vector<const MethodDescriptor*>;
    for (const MethodDescriptor* method : testing::EveryMethod()) {
      const FieldDescriptor* parent = method->input_type()->FindFieldByName("parent");
      if (!absl::StartsWith(method->name(), "List") || parent == nullptr) continue;
      const v1::FieldRule& rule = parent->options().GetExtension(v1::rule);
      const bool of_service = method->input_type()->FindFieldByName("service") != nullptr;
      if (!of_service && rule.resource_size() == 1 && rule.resource(0) == "people/{person}")
        found->push_back(method);
    }
    return found;
  }();
  return *lists;
}

}  // namespace

History::History(unsigned seed, Hosting hosting, Tally& tally)
    : known_(seed, kFirstDay),
      tables_(Tables(hosting)),
      suite_(Factories(hosting), OnlyWhenAsked()),
      tally_(tally) {
  for (const process::ServiceFactory& factory : Factories(hosting)) services_.push_back(factory.name);
  for (int i = 0; i < kPeople; ++i) known_.people().push_back({testing::NewNhsNumber(), ""});
  // The last of them nobody knows yet.
  for (int i = 0; i + 1 < kPeople; ++i) Register(known_.people()[i]);
}

void History::Register(KnownPerson& person) {
  v1::RegisterPersonRequest request;
  request.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
  request.mutable_identifier()->set_value(person.nhs_number);
  request.set_birth_date("1948-03-15");
  request.set_role(v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE);
  request.set_effective_from_date("2025-01-01");
  const Answer registered = Call("PeopleService.RegisterPerson", testing::kCouncil, request);
  ASSERT_TRUE(registered.status.ok()) << StateOf(registered.status);
  person.name = TextOf(*registered.reply, "name");
  request.set_role(v1::RESPONSIBILITY_ROLE_RESPONSIBLE_ICB);
  ASSERT_TRUE(Call("PeopleService.RegisterPerson", testing::kIcb, request).status.ok());
  v1::AcceptResponsibilityRequest accept;
  accept.set_name(person.name);
  accept.set_organisation(testing::kIcb.organisation);
  ASSERT_TRUE(Call("PeopleService.AcceptResponsibility", testing::kCouncil, accept).status.ok());
}

void History::Run(int steps) {
  for (int i = 0; i < steps && !::testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE(absl::StrCat("step ", i));
    if (known_.Chance(8)) StepClock(1 + known_.Pick(10));
    FinishWork();
    known_.Turn();
    Refresh();
    std::optional<Made> made = Next(tables_.size());
    if (made) PreviewThenCall(*std::move(made));
  }
}

// Sees everything of the person as it is now, whatever changed it.
void History::Refresh() {
  for (const MethodDescriptor* list : ListsOfPeople()) {
    std::unique_ptr<Message> request(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(list->input_type())->New());
    SetText(*request, "parent", known_.person());
    const Answer answer = Call(testing::ShortName(*list), testing::kCouncil, *request);
    if (answer.status.ok()) known_.Learn(*answer.reply);
  }
  for (const v1::PaymentRun& run : known_.Copies<v1::PaymentRun>()) {
    v1::GetPaymentRunRequest request;
    request.set_name(run.name());
    const Answer answer = Call("PaymentsService.GetPaymentRun", {run.organisation()}, request);
    if (answer.status.ok()) known_.Learn(*answer.reply);
  }
  for (const v1::Uplift& uplift : known_.Copies<v1::Uplift>()) {
    v1::GetUpliftRequest request;
    request.set_name(uplift.name());
    const Answer answer = Call("AllocationService.GetUplift", {uplift.organisation()}, request);
    if (answer.status.ok()) known_.Learn(*answer.reply);
  }
}

// One of the calls that the first so many services may be asked for: as often as not one of those that lead
// furthest on, else one of those that agreed least in all histories, or any.
std::optional<History::Made> History::Next(size_t services) {
  const bool onwards = known_.Chance(50);
  std::vector<const Step*> order;
  for (size_t i = 0; i < services; ++i) {
    for (const Step& step : tables_[i]) order.push_back(&step);
  }
  if (onwards) {
    std::reverse(order.begin(), order.end());
  } else {
    std::shuffle(order.begin(), order.end(), known_.random());
  }
  if (!onwards && known_.Chance(50)) {
    const auto rank = [this](const Step* step) {
      return std::make_pair(tally_.agreed[step->method], tried_[step->method]);
    };
    std::stable_sort(order.begin(), order.end(),
                     [&rank](const Step* a, const Step* b) { return rank(a) < rank(b); });
  }
  for (const Step* step : order) {
    Asking asking = step->make(known_);
    if (!asking || (onwards && known_.Chance(50))) continue;
    ++tried_[step->method];
    return Made{step->method, asking->as, std::move(asking->request)};
  }
  return std::nullopt;
}

void History::PreviewThenCall(Made made) {
  SCOPED_TRACE(absl::StrCat(made.method, " by ", made.as.organisation, " ", made.as.actor, " on ",
                            known_.Date(), "\n", made.request->DebugString()));
  const auto* id = made.request->GetDescriptor()->FindFieldByName("request_id");
  const bool needed =
      id->options().GetExtension(v1::rule).required() || ReachingFurther().count(made.method) > 0;
  SetText(*made.request, "request_id", needed || known_.Chance(80) ? testing::NewRequestId() : "");
  const bool working = WorkIsLeft();
  const Answer preview = Preview(made);
  const bool moved = Interleave(made);
  if (preview.status.ok()) {
    EXPECT_NE(TextOf(*preview.reply, "preview_token"), "") << "the preview cannot be held to anything";
  }
  const bool bound = preview.status.ok() && known_.Chance(90);
  if (bound) SetText(*made.request, "preview_token", TextOf(*preview.reply, "preview_token"));
  const Answer real = Call(made);
  // A call may finish what an earlier one left to the worker; a preview, which writes nothing, cannot.
  if (preview.status.ok()) {
    Judge(made, preview, real, moved, bound);
  } else {
    JudgeRefusal(made, preview, real, moved || working);
  }
  if (!real.status.ok()) return;
  known_.Learn(*real.reply);
  if (made.method != "PeopleService.RegisterPerson") return;
  const auto& request = dynamic_cast<const v1::RegisterPersonRequest&>(*made.request);
  for (KnownPerson& person : known_.people()) {
    if (person.nhs_number == request.identifier().value()) person.name = TextOf(*real.reply, "name");
  }
}

History::Answer History::Preview(const Made& made) {
  const std::unique_ptr<Message> request = Copy(*made.request);
  SetFlag(*request, "validate_only", true);
  const Written before = Now();
  Answer preview = Call(made.method, made.as, *request);
  EXPECT_EQ(Now(), before) << "the preview wrote something";
  return preview;
}

bool History::Interleave(const Made& made) {
  const Written before = Now();
  const absl::CivilDay day = known_.today();
  const int what = known_.Pick(100);
  if (what < 10) {
    StepClock(1);
  } else if (what < 22) {
    // The same by a colleague, or by the same person once more.
    const std::unique_ptr<Message> twin = Copy(*made.request);
    SetText(*twin, "request_id", testing::NewRequestId());
    Call(made.method, known_.Chance(50) ? Colleague(made.as) : made.as, *twin);
  } else if (what < 55) {
    // Somebody with the same person, as often as not in a service further left; or with another person.
    const std::string person = known_.person();
    if (what < 27) known_.Turn();
    std::optional<Made> other =
        Next(what < 40 ? tables_.size() : 1 + known_.Pick(static_cast<int>(tables_.size())));
    if (other) {
      SetText(*other->request, "request_id", testing::NewRequestId());
      const Answer answer = Call(*other);
      if (answer.status.ok()) known_.Learn(*answer.reply);
    }
    known_.TurnTo(person);
  }
  return known_.today() != day || Now() != before;
}

// Work that became due is done before anything else happens.
void History::StepClock(int days) {
  known_.set_today(known_.today() + days);
  suite_.SetDate(known_.Date());
  FinishWork();
}

void History::FinishWork() {
  for (const std::string& service : services_) suite_.FinishWork(service);
}

void History::Judge(const Made& made, const Answer& preview, const Answer& real, bool moved, bool bound) {
  if (real.status.ok()) {
    const std::unique_ptr<Message> committed = Committed(made, real);
    if (committed == nullptr) return;
    JudgeRepeats(made, *committed);
    JudgeReplay(made, *committed);
    if (moved && !bound) return;
    EXPECT_EQ(Difference(*preview.reply, *committed), "");
    ++tally_.agreed[made.method];
    return;
  }
  EXPECT_TRUE(moved) << "nothing moved, and yet: " << StateOf(real.status);
  if (!bound) return;
  if (real.status.error_code() == grpc::ABORTED) {
    ++tally_.aborted[made.method];
  } else {
    EXPECT_EQ(real.status.error_code(), grpc::NOT_FOUND) << StateOf(real.status);
    EXPECT_FALSE(MayStillKnow(made)) << StateOf(real.status);
  }
}

void History::JudgeRefusal(const Made& made, const Answer& preview, const Answer& real, bool moved) {
  ++tally_.refused[made.method];
  if (moved) return;
  EXPECT_EQ(StateOf(real.status), StateOf(preview.status));
}

std::unique_ptr<Message> History::Committed(const Made& made, const Answer& real) {
  if (ReachingFurther().count(made.method) == 0) return Copy(*real.reply);
  const Answer again = Call(made);
  EXPECT_TRUE(again.status.ok()) << StateOf(again.status);
  return again.status.ok() ? Copy(*again.reply) : nullptr;
}

// The same request again gives the same reply, also as a preview, and writes nothing; to whoever may still
// know of the person, whom the call itself may have ended that for.
void History::JudgeRepeats(const Made& made, const Message& committed) {
  if (TextOf(*made.request, "request_id").empty()) return;
  const Written before = Now();
  const Answer again = Call(made);
  if (again.status.error_code() == grpc::NOT_FOUND && !MayStillKnow(made)) return;
  ASSERT_TRUE(again.status.ok()) << "repeated: " << StateOf(again.status);
  EXPECT_EQ(again.reply->SerializeAsString(), committed.SerializeAsString())
      << "the repeated request's reply";
  const Answer previewed = Preview(made);
  ASSERT_TRUE(previewed.status.ok()) << "previewed after it was done: " << StateOf(previewed.status);
  EXPECT_EQ(Difference(*previewed.reply, committed), "") << "a preview after it was done";
  EXPECT_EQ(Now(), before) << "a repeated request wrote something";
}

void History::JudgeReplay(const Made& made, const Message& committed) {
  if (!testing::MethodNamed(made.method).options().GetExtension(v1::method).decides()) return;
  // An etag begins with the revision of its commit, which is the number of the decision.
  const auto* several = dynamic_cast<const v1::ChangedBudgets*>(&committed);
  const std::string etag = several == nullptr ? TextOf(committed, "etag") : several->budgets(0).etag();
  v1::ReplayDecisionRequest request;
  request.set_name(absl::StrCat(known_.person(), "/decisions/", etag.substr(0, etag.find('-'))));
  request.set_service(absl::AsciiStrToLower(made.method.substr(0, made.method.find("Service."))));
  const Answer again = Call("DecisionsService.ReplayDecision", made.as, request);
  if (again.status.error_code() == grpc::NOT_FOUND && !MayStillKnow(made)) return;
  ASSERT_TRUE(again.status.ok()) << StateOf(again.status);
  const auto& replayed = dynamic_cast<const v1::ReplayDecisionResponse&>(*again.reply);
  EXPECT_EQ(replayed.refusal(), "");
  EXPECT_EQ(replayed.differences_size(), 0) << replayed.DebugString();
  EXPECT_EQ(replayed.hidden_differences(), 0) << replayed.DebugString();
  EXPECT_GT(replayed.outcome_size(), 0);
  EXPECT_EQ(replayed.outcome_size(), replayed.decision().outcome_size());
  ++tally_.replayed[made.method];
}

bool History::MayStillKnow(const Made& made) {
  v1::GetPersonRequest request;
  request.set_name(known_.person());
  return Call("PeopleService.GetPerson", made.as, request).status.ok();
}

History::Answer History::Call(const std::string& method, const As& as, const Message& request) {
  return suite_.CallAny(testing::MethodNamed(method), as, request);
}

// Whether a service has work that a worker would soon do.
bool History::WorkIsLeft() {
  const absl::Time soon = suite_.clock().Now() + work::kLease + absl::Seconds(1);
  const std::string to = absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", soon, absl::UTCTimeZone());
  for (const std::string& service : services_) {
    const auto due =
        async::Wait(suite_.process().StoreOf(service)->Scan(call::kWorkIndex, "", to, std::nullopt, 1));
    EXPECT_TRUE(due.ok()) << due.status();
    if (due.ok() && !due->empty()) return true;
  }
  return false;
}

History::Written History::Now() {
  Written written;
  for (const std::string& service : services_) {
    const absl::StatusOr<store::Cursor> cursor = async::Wait(suite_.process().StoreOf(service)->Now());
    EXPECT_TRUE(cursor.ok()) << cursor.status();
    if (cursor.ok()) written.push_back(cursor->positions);
  }
  return written;
}

}  // namespace ipb::preview
