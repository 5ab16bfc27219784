#include "services/payments/rules/run.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/trace.h"
#include "common/identifiers/digest.h"
#include "common/money/pence.h"
#include "services/payments/rules/human.h"

namespace ipb::payments {
namespace {

constexpr int kDaysInWeek = 7;

constexpr explain::Rule kDate{"PAY-RUN-DATE", "The pay date {pay_date} is in the past", "bank practice",
                              "choose today or a later day."};
constexpr explain::Rule kAhead{
    "PAY-RUN-AHEAD", "The pay date {pay_date} is more than one cycle of {cycle_weeks} weeks ahead",
    "local policy: payment cycles",
    "choose a day up to {last_date}, and prepare what is due later nearer its day."};
constexpr explain::Rule kSecondPerson{"PAY-RUN-SECOND-PERSON", "Whoever prepared the run may not release it",
                                      "financial control: four eyes on every release",
                                      "somebody else of the organisation releases it."};
constexpr explain::Rule kDigest{
    "PAY-RUN-DIGEST",
    "What is to be released is not what was frozen: {count} payments of {total_pence} together",
    "financial control: control totals equal the ledger before release",
    "look at the run again and release its digest and total."};
constexpr explain::Rule kReasons{"PAY-RUN-REASONS", "A run is given up without reasons",
                                 "financial control: a cancelled run is explained",
                                 "give reasons in `decision.reasons`."};

absl::Status NeedState(const v1::PaymentRun& run, v1::PaymentRun::State a, v1::PaymentRun::State b) {
  if (run.state() == a || run.state() == b) return absl::OkStatus();
  std::string allowed = v1::PaymentRun::State_Name(a);
  if (a != b) absl::StrAppend(&allowed, " or ", v1::PaymentRun::State_Name(b));
  return errors::WrongState(run.name(), v1::PaymentRun::State_Name(run.state()), allowed);
}

}  // namespace

absl::StatusOr<v1::PaymentRun> DecideCreateRun(const v1::CreatePaymentRunRequest& request,
                                               const Caller& caller, const v1::PaymentsPolicy& policy,
                                               absl::CivilDay today) {
  const absl::CivilDay pay_date = dates::Checked(request.pay_date());
  const v1::PaymentCycle* cycle = dates::InEffect(policy.cycles(), today);
  if (cycle == nullptr) return errors::NoRate("payment cycle", dates::Format(today));
  const absl::CivilDay last = today + cycle->cycle_weeks() * kDaysInWeek;
  explain::Refusal refusal;
  if (pay_date < today) refusal.Add(kDate, "pay_date", {{"pay_date", pay_date}});
  if (pay_date > last) {
    refusal.Add(
        kAhead, "pay_date",
        {{"pay_date", pay_date}, {"cycle_weeks", int64_t{cycle->cycle_weeks()}}, {"last_date", last}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  v1::PaymentRun run;
  run.set_organisation(caller.organisation);
  run.set_preparer(caller.actor);
  run.set_pay_date(request.pay_date());
  run.set_state(v1::PaymentRun::STATE_PREPARING);
  return run;
}

absl::StatusOr<Frozen> Freeze(absl::Span<const v1::RunPayment> payments) {
  std::vector<std::pair<absl::string_view, int64_t>> rows;
  rows.reserve(payments.size());
  for (const v1::RunPayment& payment : payments)
    rows.emplace_back(payment.end_to_end_id(), payment.net_pence());
  std::sort(rows.begin(), rows.end());
  Frozen frozen;
  money::Sum total;
  std::string lines;
  absl::string_view before;
  for (const auto& [id, pence] : rows) {
    if (id == before) {
      return errors::Make(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                          "a payment is twice in a run");
    }
    before = id;
    total.Add(pence);
    absl::StrAppend(&lines, id, " ", pence, "\n");
  }
  IPB_ASSIGN_OR_RETURN(frozen.total_pence, total.Total());
  frozen.count = static_cast<int64_t>(rows.size());
  frozen.digest = identifiers::Sha256Hex(lines);
  return frozen;
}

absl::StatusOr<v1::PaymentRun> DecideFreezeRun(const v1::PaymentRun& run,
                                               absl::Span<const v1::RunPayment> payments, int64_t held_count,
                                               const v1::PaymentsPolicy& policy) {
  IPB_RETURN_IF_ERROR(NeedState(run, v1::PaymentRun::STATE_PREPARING, v1::PaymentRun::STATE_PREPARING));
  const v1::TransferLimit* limit = dates::InEffect(policy.transfer_limits(), dates::Checked(run.pay_date()));
  if (limit == nullptr) return errors::NoRate("transfers in one file", run.pay_date());
  IPB_ASSIGN_OR_RETURN(const Frozen frozen, Freeze(payments));
  const int64_t each = limit->maximum_file_transfers();
  v1::PaymentRun prepared = run;
  prepared.set_payment_count(frozen.count);
  prepared.set_total_pence(frozen.total_pence);
  prepared.set_digest(frozen.digest);
  prepared.set_held_count(held_count);
  prepared.set_file_count(static_cast<int32_t>((frozen.count + each - 1) / each));
  prepared.set_state(v1::PaymentRun::STATE_PREPARED);
  return prepared;
}

absl::StatusOr<v1::PaymentRun> DecideReleaseRun(const v1::PaymentRun& run,
                                                const v1::ReleasePaymentRunRequest& request,
                                                const Caller& caller, absl::CivilDay today) {
  if (run.organisation() != caller.organisation) return errors::NotFound(run.name());
  IPB_RETURN_IF_ERROR(NeedState(run, v1::PaymentRun::STATE_PREPARED, v1::PaymentRun::STATE_PREPARED));
  explain::Refusal refusal;
  if (SamePerson(run.organisation(), run.preparer(), caller)) refusal.Add(kSecondPerson, run.name());
  if (request.digest() != run.digest() || request.total_pence() != run.total_pence()) {
    refusal.Add(kDigest, run.name(),
                {{"count", run.payment_count()}, {"total_pence", explain::Pence{run.total_pence()}}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  v1::PaymentRun released = run;
  IPB_ASSIGN_OR_RETURN(*released.mutable_release(), DecidedBy(request.decision(), caller, today));
  released.set_state(v1::PaymentRun::STATE_RELEASED);
  return released;
}

absl::StatusOr<v1::PaymentRun> DecideCancelRun(const v1::PaymentRun& run,
                                               const v1::CancelPaymentRunRequest& request,
                                               const Caller& caller, absl::CivilDay today) {
  if (run.organisation() != caller.organisation) return errors::NotFound(run.name());
  IPB_RETURN_IF_ERROR(NeedState(run, v1::PaymentRun::STATE_PREPARING, v1::PaymentRun::STATE_PREPARED));
  explain::Refusal refusal;
  if (!HasReasons(request.decision())) refusal.Add(kReasons, run.name());
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  v1::PaymentRun cancelled = run;
  IPB_ASSIGN_OR_RETURN(*cancelled.mutable_cancellation(), DecidedBy(request.decision(), caller, today));
  cancelled.set_state(v1::PaymentRun::STATE_CANCELLED);
  return cancelled;
}

absl::StatusOr<v1::PaymentRun> CountRun(const v1::PaymentRun& run,
                                        absl::Span<const v1::RunPayment> payments) {
  int64_t dropped = 0, settled = 0, returned = 0, under_way = 0;
  money::Sum dropped_pence, settled_pence, returned_pence;
  for (const v1::RunPayment& payment : payments) {
    switch (payment.state()) {
      case v1::Payment::STATE_HELD:
      case v1::Payment::STATE_VOID:
        ++dropped;
        dropped_pence.Add(payment.net_pence());
        break;
      case v1::Payment::STATE_SETTLED:
        ++settled;
        settled_pence.Add(payment.net_pence());
        break;
      case v1::Payment::STATE_RETURNED:
        ++returned;
        returned_pence.Add(payment.net_pence());
        break;
      default:
        ++under_way;
    }
  }
  v1::PaymentRun counted = run;
  counted.set_dropped_count(dropped);
  counted.set_settled_count(settled);
  counted.set_returned_count(returned);
  IPB_ASSIGN_OR_RETURN(const int64_t dropped_total, dropped_pence.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t settled_total, settled_pence.Total());
  IPB_ASSIGN_OR_RETURN(const int64_t returned_total, returned_pence.Total());
  counted.set_dropped_pence(dropped_total);
  counted.set_settled_pence(settled_total);
  counted.set_returned_pence(returned_total);
  if (counted.state() == v1::PaymentRun::STATE_EXPORTED && under_way == 0) {
    counted.set_state(v1::PaymentRun::STATE_SETTLED);
  }
  return counted;
}

}  // namespace ipb::payments
