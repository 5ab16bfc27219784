#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/money/pence.h"
#include "services/payments/rules/agreement.h"

namespace ipb::payments {
namespace {

constexpr explain::Rule kPlan{"PAY-AGREE-PLAN", "The plan is not active",
                              "Care Act 2014 ss25, 31; SI 2013/1617 reg 8",
                              "the plan is agreed by the person and every funder and becomes active."};
constexpr explain::Rule kBudget{"PAY-AGREE-BUDGET",
                                "The budget is not agreed, or runs in shadow without effect in cash",
                                "Care Act 2014 s26", "the budget is agreed, in live mode."};
constexpr explain::Rule kOption{
    "PAY-AGREE-OPTION", "Only direct-payment and third-party lines are paid by agreement",
    "NHS England: options for managing the money", "choose a direct payment or a third party."};
constexpr explain::Rule kLines{
    "PAY-AGREE-LINES", "The plan has no line held this way that your organisation would pay",
    "Care Act 2014 ss25(1)(e), 31; SI 2013/1617 reg 8",
    "choose how the lines are held in the plan, or the other arrangement of funding."};
constexpr explain::Rule kFirstDay{"PAY-AGREE-FIRST-DAY", "{first_date} is not a day of the plan",
                                  "Care Act 2014 s25", "choose a first day within the plan."};
constexpr explain::Rule kDuplicate{
    "PAY-AGREE-DUPLICATE",
    "{agreement} pays {organisation}'s part of component {component_id} for the same days already",
    "local policy: no period is paid twice", "close that agreement before this one begins."};
constexpr explain::Rule kPayee{"PAY-AGREE-PAYEE", "The payee is kept by another organisation",
                               "financial control: each payer approves its own payees",
                               "propose the payee for your own organisation."};
constexpr explain::Rule kPayeeKind{"PAY-AGREE-PAYEE-KIND",
                                   "This kind of payee does not hold money in this way",
                                   "NHS England: options for managing the money; SI 2013/1617 reg 10",
                                   "a third party holds third-party lines; everybody else direct payments."};
constexpr explain::Rule kAccount{
    "PAY-AGREE-ACCOUNT",
    "NHS money is paid only into an account kept for direct payments that can be audited",
    "SI 2013/1617 regs 10-11", "use a dedicated or managed account."};
constexpr explain::Rule kPoolMeans{
    "PAY-AGREE-POOL-MEANS",
    "A contribution may be due on the council's money, so only a council can pay "
    "for both: others must not see the means test",
    "UK GDPR art 5(1)(c); SI 2014/2672", "the council pays for both, or each body pays its own part."};
constexpr explain::Rule kDeath{
    "PAY-AGREE-DEATH", "The person died on {death_date}", "Care Act 2014 s33; SI 2013/1617 reg 15",
    "nothing new is paid: what was due until the day of death is paid under the agreements "
    "of the time, once it is settled that it is owed."};
constexpr explain::Rule kBarred{"PAY-AGREE-BARRED", "The person may not receive direct payments",
                                "SI 2014/2871 Sch 1; SI 2013/1617 Schedule",
                                "hold the lines through a third party or as a notional budget."};

constexpr explain::Rule kLine{"PAY-AGREE-LINE",
                              "Line {line_id} is paid under this agreement: {amount_pence} {rhythm}.",
                              "Care Act 2014 s31; SI 2013/1617 reg 8"};
constexpr explain::Rule kContribution{
    "PAY-AGREE-CONTRIBUTION",
    "The contribution is {contribution_pence} a week, of which {elsewhere_pence} is met under other "
    "agreements; "
    "{weekly_pence} a week is met here, at most the council's weekly money.",
    "Care Act 2014 ss14, 26, 31; SI 2014/2672", "", v1::PURPOSE_MEANS};

using Wide = __int128;

bool Paid(const v1::FundingShare& share, const v1::OpenAgreementRequest& request, const Caller& caller) {
  return request.arrangement() == v1::FUNDING_ARRANGEMENT_POOLED ||
         share.organisation() == caller.organisation;
}

bool Pays(const v1::AgreementLine& line, const v1::FundingShare& share) {
  return std::any_of(line.shares().begin(), line.shares().end(), [&share](const auto& paid) {
    return paid.organisation() == share.organisation() && paid.basis() == share.basis();
  });
}

// The shares scaled up so that they sum to one again. INVALID_ARGUMENT where exact fractions do not fit.
absl::StatusOr<std::vector<v1::FundingShare>> OfThePart(const std::vector<v1::FundingShare>& shares) {
  int64_t common = 1;
  for (const auto& share : shares) {
    const Wide next = static_cast<Wide>(common / std::gcd(common, share.share().denominator())) *
                      share.share().denominator();
    if (next > INT64_MAX) return errors::InvalidField("shares", "are fractions that cannot be added exactly");
    common = static_cast<int64_t>(next);
  }
  Wide total = 0;
  std::vector<Wide> weights;
  for (const auto& share : shares) {
    weights.push_back(static_cast<Wide>(common / share.share().denominator()) * share.share().numerator());
    total += weights.back();
  }
  std::vector<v1::FundingShare> scaled = shares;
  for (size_t i = 0; i < shares.size(); ++i) {
    const int64_t divisor = std::gcd(static_cast<int64_t>(weights[i]), static_cast<int64_t>(total));
    scaled[i].mutable_share()->set_numerator(static_cast<int64_t>(weights[i]) / divisor);
    scaled[i].mutable_share()->set_denominator(static_cast<int64_t>(total) / divisor);
  }
  return scaled;
}

// The part of an amount that the chosen shares fund, by the same split that their funders' own agreements
// would use.
absl::StatusOr<int64_t> PartOf(int64_t pence, const PlanLineFacts& line,
                               const v1::OpenAgreementRequest& request, const Caller& caller) {
  std::vector<money::Fraction> parts;
  for (const auto& share : line.shares) {
    parts.push_back({share.share().numerator(), share.share().denominator()});
  }
  IPB_ASSIGN_OR_RETURN(const std::vector<int64_t> split, money::Split(pence, parts));
  money::Sum sum;
  for (size_t i = 0; i < split.size(); ++i) {
    if (Paid(line.shares[i], request, caller)) sum.Add(split[i]);
  }
  return sum.Total();
}

// Whether an earlier agreement has promised the one-off money of a line by the same funder, and did not end
// before it.
bool OneOffTaken(const PlanLineFacts& line, const OpenFacts& facts,
                 const std::vector<v1::FundingShare>& shares) {
  for (const v1::Agreement& other : facts.agreements) {
    if (other.budget() != facts.budget.name) continue;
    for (const auto& theirs : other.lines()) {
      const bool same = theirs.component_id() == line.component_id && theirs.line_id() == line.line_id &&
                        theirs.one_off_pence() > 0 && Pays(theirs, shares.front());
      if (same && (other.last_date().empty() || other.last_date() >= theirs.first_date())) return true;
    }
  }
  return false;
}

// The line as far as this agreement pays it; nothing where it does not.
absl::StatusOr<std::optional<v1::AgreementLine>> LineOf(const PlanLineFacts& line, const OpenFacts& facts,
                                                        const v1::OpenAgreementRequest& request,
                                                        const Caller& caller) {
  std::vector<v1::FundingShare> shares;
  for (const auto& share : line.shares) {
    if (Paid(share, request, caller) && share.share().numerator() > 0) shares.push_back(share);
  }
  const absl::CivilDay asked = dates::Checked(request.first_date());
  const absl::CivilDay first = std::max(asked, line.first.value_or(facts.plan.first));
  const std::optional<absl::CivilDay> last = line.last ? line.last : facts.plan.last;
  if (line.management_option != request.management_option() || shares.empty() || (last && *last < first)) {
    return std::optional<v1::AgreementLine>();
  }
  v1::AgreementLine own;
  own.set_line_id(line.line_id);
  own.set_component_id(line.component_id);
  own.set_component_kind(line.component_kind);
  own.set_category(line.category);
  IPB_ASSIGN_OR_RETURN(const int64_t weekly, PartOf(line.weekly_pence, line, request, caller));
  own.set_weekly_pence(weekly);
  const int64_t whole_one_off = OneOffTaken(line, facts, shares) ? 0 : line.one_off_pence;
  IPB_ASSIGN_OR_RETURN(const int64_t one_off, PartOf(whole_one_off, line, request, caller));
  own.set_one_off_pence(one_off);
  if (weekly == 0 && one_off == 0) return std::optional<v1::AgreementLine>();
  own.set_first_date(dates::Format(first));
  if (last) own.set_last_date(dates::Format(*last));
  IPB_ASSIGN_OR_RETURN(shares, OfThePart(shares));
  for (auto& share : shares) *own.add_shares() = std::move(share);
  for (const auto& found : line.family_necessary_organisations) own.add_family_necessary_organisations(found);
  return std::optional<v1::AgreementLine>(std::move(own));
}

bool Overlap(const v1::AgreementLine& a, const v1::Agreement& of_a, const v1::AgreementLine& b) {
  const std::string& a_last = of_a.last_date().empty() ? a.last_date() : of_a.last_date();
  if (!a_last.empty() && a_last < a.first_date()) return false;
  return (a_last.empty() || dates::Checked(a_last) >= dates::Checked(b.first_date())) &&
         (b.last_date().empty() || dates::Checked(b.last_date()) >= dates::Checked(a.first_date()));
}

// Adds a refusal for each open agreement that pays the same funder's part of the same component for the same
// days.
void RefuseDuplicates(const OpenFacts& facts, const v1::Agreement& agreement, explain::Refusal& refusal) {
  for (const v1::Agreement& other : facts.agreements) {
    if (other.budget() != agreement.budget() || other.management_option() != agreement.management_option())
      continue;
    for (const auto& theirs : other.lines()) {
      for (const auto& ours : agreement.lines()) {
        if (theirs.component_id() != ours.component_id() || !Overlap(theirs, other, ours)) continue;
        for (const auto& share : ours.shares()) {
          if (!Pays(theirs, share)) continue;
          refusal.Add(kDuplicate, agreement.plan(),
                      {{"agreement", other.name()},
                       {"organisation", share.organisation()},
                       {"component_id", ours.component_id()}});
        }
      }
    }
  }
}

// Whether NHS money is among what is paid: all of an NHS body's, and in a council's pool what is not its own.
bool HasNhsMoney(const v1::Agreement& agreement, const Caller& caller) {
  if (caller.kind == v1::CALLER_KIND_NHS) return true;
  for (const auto& line : agreement.lines()) {
    for (const auto& share : line.shares()) {
      if (share.organisation() != caller.organisation) return true;
    }
  }
  return false;
}

// The weekly Care Act money of the agreement: the only money that a contribution reduces.
absl::StatusOr<int64_t> ChargeableWeekly(const v1::Agreement& agreement) {
  money::Sum sum;
  for (const auto& line : agreement.lines()) {
    std::vector<money::Fraction> parts;
    for (const auto& share : line.shares()) {
      parts.push_back({share.share().numerator(), share.share().denominator()});
    }
    IPB_ASSIGN_OR_RETURN(const std::vector<int64_t> split, money::Split(line.weekly_pence(), parts));
    for (int i = 0; i < line.shares_size(); ++i) {
      if (line.shares(i).basis() == v1::FUNDING_BASIS_CARE_ACT) sum.Add(split[i]);
    }
  }
  return sum.Total();
}

absl::Status MeetContribution(const OpenFacts& facts, OpenDecision& decision) {
  money::Sum met;
  for (const v1::Agreement& other : facts.agreements) {
    if (other.budget() == facts.budget.name && other.state() == v1::Agreement::STATE_OPEN) {
      met.Add(other.contribution_weekly_pence());
    }
  }
  IPB_ASSIGN_OR_RETURN(const int64_t elsewhere, met.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t chargeable, ChargeableWeekly(decision.agreement));
  const int64_t left = std::max<int64_t>(facts.budget.contribution_weekly_pence - elsewhere, 0);
  const int64_t here = std::min(left, chargeable);
  decision.agreement.set_contribution_weekly_pence(here);
  if (facts.budget.contribution_weekly_pence == 0 || chargeable == 0) return absl::OkStatus();
  decision.trace.Add(kContribution,
                     {{"contribution_pence", explain::Pence{facts.budget.contribution_weekly_pence}},
                      {"elsewhere_pence", explain::Pence{elsewhere}},
                      {"weekly_pence", explain::Pence{here}}});
  return absl::OkStatus();
}

void RefusePlan(const OpenFacts& facts, const v1::OpenAgreementRequest& request, explain::Refusal& refusal) {
  const absl::CivilDay first = dates::Checked(request.first_date());
  if (!facts.plan.active) refusal.Add(kPlan, facts.plan.name);
  if (!facts.budget.agreed || !facts.budget.live) refusal.Add(kBudget, facts.budget.name);
  if (request.management_option() != v1::MANAGEMENT_OPTION_DIRECT_PAYMENT &&
      request.management_option() != v1::MANAGEMENT_OPTION_THIRD_PARTY) {
    refusal.Add(kOption, facts.plan.name);
  }
  if (first < facts.plan.first || (facts.plan.last && first > *facts.plan.last)) {
    refusal.Add(kFirstDay, facts.plan.name, {{"first_date", first}});
  }
  if (facts.person.death) refusal.Add(kDeath, facts.person.name, {{"death_date", *facts.person.death}});
  if (facts.person.barred_from_direct_payments &&
      request.management_option() == v1::MANAGEMENT_OPTION_DIRECT_PAYMENT) {
    refusal.Add(kBarred, facts.person.name);
  }
}

void RefusePayee(const OpenFacts& facts, const v1::Agreement& agreement, const Caller& caller,
                 explain::Refusal& refusal) {
  const v1::Payee& payee = facts.payee;
  const bool third_party = agreement.management_option() == v1::MANAGEMENT_OPTION_THIRD_PARTY;
  if (payee.organisation() != caller.organisation) refusal.Add(kPayee, payee.name());
  if ((payee.kind() == v1::PAYEE_KIND_THIRD_PARTY) != third_party) refusal.Add(kPayeeKind, payee.name());
  const bool safe = payee.dedicated_account() || payee.kind() == v1::PAYEE_KIND_MANAGED_ACCOUNT ||
                    payee.kind() == v1::PAYEE_KIND_THIRD_PARTY;
  if (HasNhsMoney(agreement, caller) && !safe) refusal.Add(kAccount, payee.name());
}

absl::Status Fill(const OpenFacts& facts, const v1::OpenAgreementRequest& request, const Caller& caller,
                  const v1::PaymentsPolicy& policy, OpenDecision& decision) {
  v1::Agreement& agreement = decision.agreement;
  const absl::CivilDay first = dates::Checked(request.first_date());
  const v1::PaymentCycle* cycle = dates::InEffect(policy.cycles(), first);
  if (cycle == nullptr) return errors::NoRate("payment cycle", request.first_date());
  if (dates::InEffect(policy.part_weeks(), first) == nullptr) {
    return errors::NoRate("part weeks", request.first_date());
  }
  agreement.set_plan(facts.plan.name);
  agreement.set_budget(facts.budget.name);
  agreement.set_payer(caller.organisation);
  agreement.set_arrangement(request.arrangement());
  agreement.set_payee(request.payee());
  agreement.set_management_option(request.management_option());
  agreement.set_payment_basis(request.payment_basis());
  agreement.set_cycle_weeks(cycle->cycle_weeks());
  agreement.set_cycle_anchor_date(cycle->cycle_anchor_date());
  agreement.set_advance_days(cycle->advance_days());
  agreement.set_first_date(request.first_date());
  agreement.set_state(v1::Agreement::STATE_OPEN);
  for (const PlanLineFacts& line : facts.plan.lines) {
    IPB_ASSIGN_OR_RETURN(std::optional<v1::AgreementLine> own, LineOf(line, facts, request, caller));
    if (!own) continue;
    const bool weekly = own->weekly_pence() > 0;
    decision.trace.Add(kLine,
                       {{"line_id", own->line_id()},
                        {"amount_pence", explain::Pence{weekly ? own->weekly_pence() : own->one_off_pence()}},
                        {"rhythm", std::string(weekly ? "a week" : "once")}});
    *agreement.add_lines() = *std::move(own);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<OpenDecision> DecideOpenAgreement(const OpenFacts& facts,
                                                 const v1::OpenAgreementRequest& request,
                                                 const Caller& caller, const v1::PaymentsPolicy& policy) {
  OpenDecision decision;
  IPB_RETURN_IF_ERROR(Fill(facts, request, caller, policy, decision));
  explain::Refusal refusal;
  RefusePlan(facts, request, refusal);
  if (decision.agreement.lines().empty()) refusal.Add(kLines, facts.plan.name);
  RefusePayee(facts, decision.agreement, caller, refusal);
  RefuseDuplicates(facts, decision.agreement, refusal);
  IPB_RETURN_IF_ERROR(MeetContribution(facts, decision));
  // Whether or not a contribution is due: the refusal must not tell, and the caller's facts do not say.
  IPB_ASSIGN_OR_RETURN(const int64_t chargeable, ChargeableWeekly(decision.agreement));
  if (chargeable > 0 && caller.kind != v1::CALLER_KIND_COUNCIL) {
    refusal.Add(kPoolMeans, facts.plan.name);
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  return decision;
}

}  // namespace ipb::payments
