#include "tests/soak/uplift_people.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/async/fan_out.h"
#include "common/dates/civil.h"
#include "common/errors/status_macros.h"
#include "common/money/pence.h"
#include "common/names/names.h"
#include "common/store/redis_store.h"
#include "services/allocation/handlers/facts.h"
#include "services/allocation/rules/assessment.h"
#include "services/allocation/rules/costed_plan.h"
#include "services/allocation/rules/shares.h"
#include "services/allocation/rules/statement.h"
#include "tests/async/wait.h"
#include "tests/support/funding.h"

namespace ipb::soak {
namespace {

using tests::Share;

constexpr char kIcb[] = "QZZ";
constexpr absl::CivilDay kFirstDay(2025, 4, 7);
constexpr size_t kAtOnce = 256;
constexpr int64_t kFeePence = 650;

std::string NameOf(int64_t person) {
  return absl::StrCat("people/", names::PersonIdFor(absl::StrCat("soak", person)));
}

v1::BudgetComponent Part(const char* id, v1::SpendingCategory category, int64_t weekly_pence) {
  v1::BudgetComponent part;
  part.set_component_id(id);
  part.set_description(id);
  part.set_kind(v1::COMPONENT_KIND_ONGOING);
  part.set_category(category);
  part.set_weekly_pence(weekly_pence);
  return part;
}

// One in three is cared for by an agency too, with money of the ICB; one in five has an account managed; and
// one in seven has nothing but the fee, which does not grow.
std::vector<v1::BudgetComponent> PartsOf(int64_t person) {
  std::vector<v1::BudgetComponent> parts;
  if (person % 7 != 6) {
    parts.push_back(Part("pa", v1::SPENDING_CATEGORY_PERSONAL_ASSISTANT, 5000 + person * 7919 % 60000));
    *parts.back().add_shares() = Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 1);
    if (person % 3 == 0) {
      parts.push_back(Part("agency", v1::SPENDING_CATEGORY_AGENCY_CARE, 10000 + person * 104729 % 90000));
      *parts.back().add_shares() = Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 3, 8);
      *parts.back().add_shares() = Share(kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE, 5, 8);
    }
  }
  if (parts.empty() || person % 5 == 0) {
    parts.push_back(Part("fee", v1::SPENDING_CATEGORY_MANAGED_ACCOUNT_FEE, kFeePence));
    *parts.back().add_shares() = Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 1);
  }
  for (v1::BudgetComponent& part : parts) allocation::SplitBetweenFunders(part).IgnoreError();
  return parts;
}

// A thousandth part of pence, half a penny up.
int64_t Thousandths(int64_t pence, int64_t thousandths) { return (pence * thousandths * 2 + 1000) / 2000; }

void AddExpected(int64_t person, Totals& totals) {
  int64_t before = 0, after = 0;
  bool grows = false;
  for (const v1::BudgetComponent& part : PartsOf(person)) {
    const int64_t own = part.funder_amounts(0).weekly_pence();
    const bool fee = part.category() == v1::SPENDING_CATEGORY_MANAGED_ACCOUNT_FEE;
    const int64_t thousandths = fee ? 0 : part.category() == v1::SPENDING_CATEGORY_AGENCY_CARE ? 58 : 35;
    before += own;
    after += own + Thousandths(own, thousandths);
    grows = grows || thousandths > 0;
  }
  ++totals.budgets;
  if (!grows) return;
  ++totals.grows;
  totals.before_pence += before;
  totals.after_pence += after;
}

int64_t OfCouncil(const v1::Budget& budget) {
  int64_t weekly = 0;
  for (const v1::FunderAmount& total : budget.funder_totals()) {
    if (total.organisation() == kCouncil) weekly += total.weekly_pence();
  }
  return weekly;
}

call::Caller Seeder() { return {kCouncil, "soak", "seeder", "finance", v1::CALLER_KIND_SERVICE}; }

call::RequestInfo Seeding() {
  call::RequestInfo info;
  info.method = "soak/seed";
  info.mutates = true;
  return info;
}

state::v1::AccessRecord OfCouncilAlone() {
  state::v1::AccessRecord access;
  v1::Responsibility* held = access.add_responsibilities();
  held->set_organisation(kCouncil);
  held->set_state(v1::Responsibility::STATE_ACCEPTED);
  held->set_effective_from_date(dates::Format(kFirstDay));
  return access;
}

absl::StatusOr<v1::FinancialAssessment> Assess(const allocation::Policies& policies) {
  v1::RecordFinancialAssessmentRequest request;
  request.set_effective_from_date(dates::Format(kFirstDay));
  v1::FinancialFacts& facts = *request.mutable_facts();
  facts.mutable_household()->set_relationship(v1::RELATIONSHIP_SINGLE);
  facts.mutable_household()->set_birth_date("1975-03-01");
  v1::IncomeItem& income = *facts.add_income();
  income.set_kind(v1::INCOME_KIND_OTHER);
  income.set_weekly_pence(20000);
  allocation::AssessmentFacts about;
  about.decision.set_organisation(kCouncil);
  about.decision.set_decision_date(dates::Format(kFirstDay));
  IPB_ASSIGN_OR_RETURN(allocation::AssessmentDecision decision,
                       allocation::DecideFinancialAssessment(about, request, policies, kFirstDay));
  return std::move(decision.assessment);
}

}  // namespace

UpliftPeople::UpliftPeople(int64_t people, const clock::Clock* clock) : people_(people), executor_(2) {
  environment_.service = "allocation";
  environment_.rule_set_version = "allocation/soak";
  environment_.executor = &executor_;
  environment_.bulk_executor = &bulk_executor_;
  environment_.timer = &timer_;
  environment_.clock = clock;
}

UpliftPeople::~UpliftPeople() {
  timer_.Close();
  if (engine_ != nullptr) engine_->Close();
}

absl::StatusOr<std::unique_ptr<UpliftPeople>> UpliftPeople::Open(int redis_port, int64_t people,
                                                                 const std::string& policy,
                                                                 const clock::Clock* clock) {
  std::unique_ptr<UpliftPeople> opened(new UpliftPeople(people, clock));
  IPB_ASSIGN_OR_RETURN(opened->environment_.policy, policy::Load(policy));
  IPB_ASSIGN_OR_RETURN(opened->engine_, store::OpenRedis("127.0.0.1", redis_port, &opened->executor_, {}));
  opened->store_ = opened->engine_->Open("allocation");
  opened->environment_.store = opened->store_.get();
  const policy::Policy& loaded = *opened->environment_.policy;
  IPB_ASSIGN_OR_RETURN(opened->assessment_,
                       Assess({loaded.national().allocation(), loaded.local(kCouncil)->allocation()}));
  return opened;
}

v1::Budget UpliftPeople::BudgetOf(int64_t person) const {
  const std::string name = NameOf(person);
  const policy::Policy& policy = *environment_.policy;
  const allocation::Policies policies{policy.national().allocation(), policy.local(kCouncil)->allocation()};
  v1::Budget budget;
  budget.set_name(names::Child(name, "budgets", 1));
  budget.set_plan(names::Child(name, "plans", 1));
  budget.set_state(v1::Budget::STATE_AGREED);
  budget.set_mode(v1::Budget::MODE_LIVE);
  budget.set_effective_from_date(dates::Format(kFirstDay));
  v1::FinancialAssessment assessment = assessment_;
  assessment.set_name(names::Child(name, "financialAssessments", 1));
  explain::Trace trace;
  const auto costing = allocation::AddUp(PartsOf(person), kFirstDay, policies.local, trace);
  if (costing.ok()) allocation::StateBudget(*costing, {assessment}, policies, budget, trace).IgnoreError();
  *budget.mutable_explanation() = trace.Render(environment_.rule_set_version, policy.version());
  return budget;
}

async::Task<absl::Status> UpliftPeople::SeedOne(int64_t person) {
  call::Call call(environment_, Seeder(), Seeding());
  auto loading = call.LoadUnguarded(NameOf(person));
  IPB_CO_ASSIGN_OR_RETURN(call::Subject subject, co_await loading);
  v1::Budget budget = BudgetOf(person);
  v1::FinancialAssessment assessment = assessment_;
  assessment.set_name(
      names::Child(subject.name(), "financialAssessments", subject.Next("financialAssessments")));
  subject.Next("budgets");
  subject.SetAccess(OfCouncilAlone());
  subject.Put(assessment);
  allocation::handlers::PutMade(call, subject, budget);
  auto committing = call.Commit(std::move(subject));
  co_return co_await committing;
}

absl::Status UpliftPeople::Seed() {
  return async::Wait(async::ForEach(&executor_, people_, kAtOnce,
                                    [this](size_t person) { return SeedOne(static_cast<int64_t>(person)); }));
}

Totals UpliftPeople::Expected() const {
  Totals totals;
  for (int64_t person = 0; person < people_; ++person) AddExpected(person, totals);
  return totals;
}

absl::StatusOr<int64_t> UpliftPeople::CommitsOfPeople() {
  if (cursor_.epoch.empty()) {
    IPB_ASSIGN_OR_RETURN(cursor_, async::Wait(store_->Now()));
  }
  while (true) {
    IPB_ASSIGN_OR_RETURN(store::TailResult tail, async::Wait(store_->Tail(cursor_, store::kMaximumPage)));
    cursor_ = std::move(tail.next);
    commits_ += std::count_if(tail.changes.begin(), tail.changes.end(), [](const store::Change& change) {
      return absl::StartsWith(change.subject, "people/");
    });
    if (tail.changes.empty()) return commits_;
  }
}

absl::StatusOr<v1::Uplift> UpliftPeople::Read(const std::string& uplift) {
  IPB_ASSIGN_OR_RETURN(const store::LoadResult loaded,
                       async::Wait(store_->Load({uplift, "", {call::RecordOf(uplift)}})));
  v1::Uplift read;
  if (!loaded.records.front() || !read.ParseFromString(loaded.records.front()->data)) {
    return absl::NotFoundError(uplift);
  }
  return read;
}

// One budget stands; where money grows it is the second, made by the uplift from the first, and there is no
// third.
async::Task<absl::Status> UpliftPeople::CheckOne(int64_t person, const std::string& uplift, Totals& totals) {
  auto listing = store_->List(NameOf(person), "budgets/", "", store::kMaximumPage);
  IPB_CO_ASSIGN_OR_RETURN(const std::vector<store::Record> records, co_await listing);
  std::vector<v1::Budget> budgets;
  for (const store::Record& record : records) {
    if (record.name.find('/', sizeof("budgets/") - 1) != record.name.npos) continue;
    budgets.emplace_back().ParseFromString(record.data);
  }
  Totals expected;
  AddExpected(person, expected);
  const bool grows = expected.grows == 1;
  bool sound = budgets.size() == (grows ? 2u : 1u) && budgets.back().state() == v1::Budget::STATE_AGREED &&
               budgets.back().changes_size() == (grows ? 1 : 0);
  if (sound && grows) {
    const v1::Budget& old = budgets.front();
    const v1::Budget& made = budgets.back();
    sound = old.state() == v1::Budget::STATE_SUPERSEDED && old.superseded_by() == made.name() &&
            made.changes(0).uplift() == uplift && made.effective_from_date() == kUpliftDay &&
            OfCouncil(old) == expected.before_pence && OfCouncil(made) == expected.after_pence;
    expected.before_pence = OfCouncil(old);
    expected.after_pence = OfCouncil(made);
  }
  totals = expected;
  if (sound) co_return absl::OkStatus();
  co_return absl::InternalError(
      absl::StrCat(NameOf(person), " has ", budgets.size(),
                   " budgets: ", absl::StrJoin(budgets, " ", [](std::string* text, const auto& budget) {
                     absl::StrAppend(text, budget.ShortDebugString().substr(0, 300));
                   })));
}

absl::StatusOr<Totals> UpliftPeople::Stored(const std::string& uplift) {
  std::vector<Totals> of_person(people_);
  IPB_RETURN_IF_ERROR(async::Wait(async::ForEach(&executor_, people_, kAtOnce, [&](size_t person) {
    return CheckOne(static_cast<int64_t>(person), uplift, of_person[person]);
  })));
  Totals all;
  for (const Totals& one : of_person) {
    all.budgets += one.budgets;
    all.grows += one.grows;
    all.before_pence += one.before_pence;
    all.after_pence += one.after_pence;
  }
  return all;
}

}  // namespace ipb::soak
