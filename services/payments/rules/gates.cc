#include "services/payments/rules/gates.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/trace.h"
#include "common/money/pence.h"
#include "services/payments/rules/payment.h"

namespace ipb::payments {
namespace {

// A gate as a row of text; a detail may follow the sentence.
struct Gate {
  absl::string_view id;
  absl::string_view sentence;
  absl::string_view source;
  absl::string_view cleared_by;
  absl::string_view payable_when;
};

constexpr Gate kDeceased{
    "PAY-GATE-DECEASED", "The person died on ", "Care Act 2014 s33; SI 2013/1617 reg 15(2)",
    "a manager of the paying organisation, with the personal representatives",
    "when it is settled that contractual costs, such as wages and notice pay, are owed from it"};
constexpr Gate kBarred{
    "PAY-GATE-BARRED", "The person may not receive direct payments",
    "SI 2014/2871 Sch 1; SI 2013/1617 Schedule", "the person's care co-ordinator",
    "never as a direct payment while the order or licence condition lasts; hold the money another way"};
constexpr Gate kHold{"PAY-GATE-HOLD", "It was put on hold on ",
                     "local policy: holds for suspected misuse or safeguarding",
                     "somebody of the paying organisation other than who put it on (ReleaseHold)",
                     "when the hold is released"};
constexpr Gate kPayee{"PAY-GATE-PAYEE", "The payee is not approved by a second person",
                      "financial control: two people for bank details",
                      "anybody who approves payees, other than who proposed it (ApprovePayee)",
                      "when the payee is approved, by the next run"};
constexpr Gate kPlan{"PAY-GATE-PLAN", "The plan is not active", "Care Act 2014 ss25, 31; SI 2013/1617 reg 8",
                     "the person and every funder, by agreeing the plan",
                     "when the plan is active, by the next run"};
constexpr Gate kAgreement{"PAY-GATE-AGREEMENT", "The agreement does not cover all the days that it pays for",
                          "Care Act 2014 s33; SI 2013/1617 reg 17", "nobody: it falls away",
                          "never; what is still due of the period is prepared by the next run"};
constexpr Gate kDuplicate{"PAY-GATE-DUPLICATE", "The same money is paid for the same days by ",
                          "local policy: no period is paid twice",
                          "whoever closes the other agreement (CloseAgreement)",
                          "when the other payment is void or returned"};
constexpr Gate kBudget{"PAY-GATE-BUDGET", "The budget component is used up: it would be exceeded by ",
                       "Care Act 2014 s26; SI 2013/1617 reg 13", "the funders, by revising the budget",
                       "when the component is large enough, by the next run"};
constexpr Gate kFunding{"PAY-GATE-FUNDING",
                        "Another body funds it for some of its days: funding was handed over on ",
                        "National Framework for NHS continuing healthcare 2022; Care Act 2014 ss22, 26, 37",
                        "whoever closes the agreement the day before (CloseAgreement), with who funds now",
                        "never by this agreement; for the days before, by the next run once it is closed"};
constexpr Gate kLimit{"PAY-GATE-LIMIT", "It is more than one transfer may be: the most is ",
                      "limit of the payment scheme, by policy", "the paying organisation's treasury",
                      "when it is paid in another way, or the limit in policy is raised"};

v1::PaymentGate Make(const Gate& gate, absl::string_view detail = "") {
  v1::PaymentGate made;
  made.set_rule_id(std::string(gate.id));
  made.set_sentence(std::string(gate.sentence).append(detail.data(), detail.size()).append("."));
  made.set_legal_source(std::string(gate.source));
  made.set_cleared_by(std::string(gate.cleared_by));
  made.set_payable_when(std::string(gate.payable_when));
  return made;
}

bool SharesFunder(const v1::Payment& a, const v1::Payment& b) {
  for (const auto& one : a.funders()) {
    for (const auto& other : b.funders()) {
      if (one.organisation() == other.organisation() && one.basis() == other.basis()) return true;
    }
  }
  return false;
}

// A live payment of the same component and funder for some of the same days; empty if there is none.
std::string DuplicateOf(const v1::Payment& payment, const std::vector<v1::Payment>& others) {
  for (const v1::Payment& other : others) {
    const bool same_thing = other.component_id() == payment.component_id() && IsLive(other) &&
                            other.management_option() == payment.management_option() &&
                            other.name() != payment.name() && SharesFunder(payment, other);
    // Of two that wait, the one with the smaller number goes first, so that they do not block each other.
    const bool goes_first = other.due_transaction().empty() == payment.due_transaction().empty()
                                ? NumberOf(other.name()) < NumberOf(payment.name())
                                : !other.due_transaction().empty();
    if (same_thing && goes_first && other.first_date() <= payment.last_date() &&
        payment.first_date() <= other.last_date()) {
      return other.name();
    }
  }
  return "";
}

// By how much the payment would exceed its component; 0 where it does not.
absl::StatusOr<int64_t> Excess(const v1::Payment& payment, const PayFacts& facts) {
  for (const ComponentLimit& limit : facts.limits) {
    if (limit.component_id != payment.component_id()) continue;
    money::Sum sum;
    sum.Add(payment.gross_pence()).Subtract(limit.limit_pence);
    for (const v1::Payment& other : facts.payments) {
      const bool counts = other.component_id() == payment.component_id() && IsLive(other) &&
                          !other.due_transaction().empty() && other.name() != payment.name();
      if (counts) sum.Add(other.gross_pence());
    }
    IPB_ASSIGN_OR_RETURN(const int64_t over, sum.Total());
    return over > 0 ? over : 0;
  }
  return 0;
}

// The first day of the payment on which one of its funders funds the component no more; absent where each
// does.
std::optional<absl::CivilDay> HandedOver(const v1::Payment& payment, const std::vector<FundedDays>& funding) {
  const absl::CivilDay first = dates::Checked(payment.first_date());
  const absl::CivilDay last = dates::Checked(payment.last_date());
  for (const FundedDays& days : funding) {
    if (days.component_id != payment.component_id() || days.first > last) continue;
    if (days.last && (*days.last < first || *days.last < days.first)) continue;
    for (const v1::PaymentFunder& funder : payment.funders()) {
      const bool funds =
          std::any_of(days.shares.begin(), days.shares.end(), [&](const v1::FundingShare& share) {
            return share.organisation() == funder.organisation() && share.basis() == funder.basis();
          });
      if (!funds) return std::max(days.first, first);
    }
  }
  return std::nullopt;
}

void PersonGates(const v1::Payment& payment, const PayFacts& facts, std::vector<v1::PaymentGate>& gates) {
  if (facts.person.death) gates.push_back(Make(kDeceased, dates::Spell(*facts.person.death)));
  if (facts.person.barred_from_direct_payments &&
      facts.agreement.management_option() == v1::MANAGEMENT_OPTION_DIRECT_PAYMENT) {
    gates.push_back(Make(kBarred));
  }
  for (const auto& hold : payment.holds()) {
    if (hold.has_released()) continue;
    gates.push_back(Make(kHold, dates::Spell(dates::Checked(hold.placed().decision_date()))));
  }
}

void AgreementGates(const v1::Payment& payment, const PayFacts& facts, std::vector<v1::PaymentGate>& gates) {
  const v1::Agreement& agreement = facts.agreement;
  const bool approved = facts.payee && facts.payee->state() == v1::Payee::STATE_APPROVED &&
                        facts.payee->name() == agreement.payee() &&
                        facts.payee->organisation() == agreement.payer();
  if (!approved) gates.push_back(Make(kPayee));
  // What an ended agreement still owes for its own days is owed whatever became of the plan.
  const bool open = agreement.state() == v1::Agreement::STATE_OPEN;
  if (open && !facts.plan_active) gates.push_back(Make(kPlan));
  const bool covered = payment.first_date() >= agreement.first_date() &&
                       (agreement.last_date().empty() || payment.last_date() <= agreement.last_date());
  if (!covered) gates.push_back(Make(kAgreement));
  const std::optional<absl::CivilDay> handed_over = HandedOver(payment, facts.funding);
  if (handed_over) gates.push_back(Make(kFunding, dates::Spell(*handed_over)));
}

}  // namespace

absl::StatusOr<std::vector<v1::PaymentGate>> GatesOf(const v1::Payment& payment, const PayFacts& facts,
                                                     const v1::PaymentsPolicy& policy, absl::CivilDay today) {
  const v1::TransferLimit* limit = dates::InEffect(policy.transfer_limits(), today);
  if (limit == nullptr) return errors::NoRate("limit of one transfer", dates::Format(today));
  std::vector<v1::PaymentGate> gates;
  PersonGates(payment, facts, gates);
  AgreementGates(payment, facts, gates);
  const std::string duplicate = DuplicateOf(payment, facts.payments);
  if (!duplicate.empty()) gates.push_back(Make(kDuplicate, duplicate));
  IPB_ASSIGN_OR_RETURN(const int64_t excess, Excess(payment, facts));
  if (excess > 0) gates.push_back(Make(kBudget, money::Format(excess)));
  if (payment.net_pence() > limit->maximum_transfer_pence()) {
    gates.push_back(Make(kLimit, money::Format(limit->maximum_transfer_pence())));
  }
  return gates;
}

}  // namespace ipb::payments
