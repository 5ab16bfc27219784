#include "services/eligibility/rules/request.h"

#include <algorithm>

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"

namespace ipb::eligibility {
namespace {

constexpr absl::string_view kRecord = "Adult Social Care Client Level Data: Request";

constexpr explain::Rule kReceivedFuture{"REQUEST-DATE-FUTURE",
                                        "The request is dated in the future: {received_date}", kRecord,
                                        "record it on receipt."};
constexpr explain::Rule kAfterDeath{"REQUEST-AFTER-DEATH",
                                    "The person died on {death_date}, before the request", kRecord,
                                    "check the person and the date."};
constexpr explain::Rule kClosedDate{
    "REQUEST-CLOSED-DATE",
    "The answer is dated {closed_date}, in the future or before receipt on {received_date}", kRecord,
    "give the date of the answer."};
constexpr explain::Rule kReasons{"REQUEST-REASONS", "The request is closed without reasons",
                                 "Care Act 2014 ss11, 13", "say why the person is not taken further."};
constexpr explain::Rule kMustAssess{"REQUEST-REFUSAL-NOT-EFFECTIVE",
                                    "The person declines, and the council must assess all the same: they "
                                    "lack capacity and it is in their best "
                                    "interests, or they are at risk of abuse or neglect",
                                    "Care Act 2014 s11(2)", "carry out the assessment."};
constexpr explain::Rule kAlive{"REQUEST-DEATH-NOT-RECORDED", "No death of the person is recorded", kRecord,
                               "record the death with the people service first."};

constexpr explain::Rule kClock{"REQUEST-CLOCK",
                               "{duty} Received on {received_date}; {days} calendar days end on {due_date}.",
                               "National Framework for NHS Continuing Healthcare, July 2022"};
constexpr explain::Rule kNoClock{
    "REQUEST-NO-CLOCK",
    "No number of days is set for this kind of request; it is answered in a reasonable time.",
    "Care and Support Statutory Guidance, chapter 6"};
constexpr explain::Rule kPassed{
    "REQUEST-CLOCK-PASSED",
    "{duty} The last day was {due_date}, and it is not on record that it was done by then.",
    "policy rows of the clocks that requests start"};
constexpr explain::Rule kRefund{
    "REQUEST-REFUND", "From {passed_date} a refund may be owed to whoever pays for the care meanwhile.",
    "National Framework for NHS Continuing Healthcare, July 2022: refunds from the 29th day"};
constexpr explain::Rule kClosed{"REQUEST-CLOSED", "The request was answered on {closed_date}.", kRecord};

// Days from receipt to the last day in time.
absl::CivilDay DueDay(absl::CivilDay received, const v1::RequestClockRule& rule) {
  return received + rule.days() - (rule.receipt_is_first_day() ? 1 : 0);
}

// A kind that has clocks, but none on the day of receipt, is one of which policy knows too little.
absl::Status SetClocks(absl::CivilDay received, const v1::EligibilityPolicy& policy,
                       RequestDecision& decision) {
  v1::SupportRequest& request = decision.request;
  bool has_clocks = false;
  for (const v1::RequestClockRule& rule : policy.request_clocks()) {
    if (rule.kind() != request.kind()) continue;
    has_clocks = true;
    if (!dates::Holds(rule, received)) continue;
    const absl::CivilDay due = DueDay(received, rule);
    v1::RequestClock* clock = request.add_clocks();
    clock->set_clock(rule.id());
    clock->set_duty(rule.duty());
    clock->set_due_date(dates::Format(due));
    decision.trace.Add(kClock, {{"duty", rule.duty()},
                                {"received_date", received},
                                {"days", int64_t{rule.days()}},
                                {"due_date", due}});
  }
  if (request.clocks().empty() && has_clocks) {
    return errors::NoRate("clocks that a request of this kind starts", dates::Format(received));
  }
  if (request.clocks().empty()) decision.trace.Add(kNoClock);
  std::sort(request.mutable_clocks()->begin(), request.mutable_clocks()->end(),
            [](const v1::RequestClock& left, const v1::RequestClock& right) {
              return left.due_date() < right.due_date();
            });
  return absl::OkStatus();
}

// The row of policy of that clock; an empty one where it has gone since.
const v1::RequestClockRule& RuleOf(const v1::RequestClock& clock, const v1::EligibilityPolicy& policy) {
  for (const v1::RequestClockRule& rule : policy.request_clocks()) {
    if (rule.id() == clock.clock()) return rule;
  }
  return v1::RequestClockRule::default_instance();
}

// Whether a clock was met, or its request answered, by its last day. When that is looked at makes no
// difference.
bool StoppedInTime(const v1::SupportRequest& request, const v1::RequestClock& clock) {
  if (!clock.met_date().empty() && clock.met_date() <= clock.due_date()) return true;
  return request.state() == v1::SupportRequest::STATE_CLOSED && request.closed_date() <= clock.due_date();
}

bool NeedsReasons(v1::SupportRequest::Outcome outcome) {
  return outcome == v1::SupportRequest::OUTCOME_DECLINED ||
         outcome == v1::SupportRequest::OUTCOME_NO_SERVICES ||
         outcome == v1::SupportRequest::OUTCOME_OTHER_ORGANISATION;
}

bool IsForAssessment(v1::SupportRequest::Kind kind) {
  return kind == v1::SupportRequest::KIND_CARE_ACT || kind == v1::SupportRequest::KIND_URGENT;
}

}  // namespace

absl::StatusOr<RequestDecision> DecideReceipt(const RequestFacts& facts,
                                              const v1::ReceiveRequestRequest& request,
                                              const v1::EligibilityPolicy& policy, absl::CivilDay today) {
  const absl::CivilDay received =
      request.received_date().empty() ? today : dates::Checked(request.received_date());
  explain::Refusal refusal;
  if (received > today) refusal.Add(kReceivedFuture, "received_date", {{"received_date", received}});
  const std::string& death_date = facts.person.death_date();
  if (!death_date.empty() && received > dates::Checked(death_date)) {
    refusal.Add(kAfterDeath, facts.person.name(), {{"death_date", dates::Checked(death_date)}});
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  RequestDecision decision;
  decision.request.set_kind(request.kind());
  decision.request.set_state(v1::SupportRequest::STATE_OPEN);
  decision.request.set_received_date(dates::Format(received));
  decision.request.set_organisation(facts.organisation);
  IPB_RETURN_IF_ERROR(SetClocks(received, policy, decision));
  return decision;
}

absl::StatusOr<RequestDecision> DecideClosing(const RequestFacts& facts,
                                              const v1::CloseRequestRequest& request, absl::CivilDay today) {
  if (facts.request.state() != v1::SupportRequest::STATE_OPEN) {
    return errors::WrongState(facts.request.name(), "CLOSED", "OPEN");
  }
  const absl::CivilDay closed = request.closed_date().empty() ? today : dates::Checked(request.closed_date());
  const absl::CivilDay received = dates::Checked(facts.request.received_date());
  explain::Refusal refusal;
  if (closed > today || closed < received) {
    refusal.Add(kClosedDate, "closed_date", {{"closed_date", closed}, {"received_date", received}});
  }
  if (NeedsReasons(request.outcome()) && request.reasons().empty()) refusal.Add(kReasons, "reasons");
  if (request.outcome() == v1::SupportRequest::OUTCOME_DECLINED && IsForAssessment(facts.request.kind()) &&
      (request.lacks_capacity_and_best_interests() || request.abuse_or_neglect())) {
    refusal.Add(kMustAssess, facts.request.name());
  }
  if (request.outcome() == v1::SupportRequest::OUTCOME_DECEASED && facts.person.death_date().empty()) {
    refusal.Add(kAlive, facts.person.name());
  }
  IPB_RETURN_IF_ERROR(refusal.ToStatus());
  RequestDecision decision{facts.request, {}};
  decision.request.set_state(v1::SupportRequest::STATE_CLOSED);
  decision.request.set_outcome(request.outcome());
  decision.request.set_closed_date(dates::Format(closed));
  decision.request.set_closed_reasons(request.reasons());
  decision.trace.Add(kClosed, {{"closed_date", closed}});
  return decision;
}

RequestDecision DecidePassing(v1::SupportRequest request, const v1::EligibilityPolicy& policy,
                              absl::CivilDay today) {
  RequestDecision decision{std::move(request), {}};
  for (v1::RequestClock& clock : *decision.request.mutable_clocks()) {
    const absl::CivilDay due = dates::Checked(clock.due_date());
    if (due >= today || !clock.passed_date().empty() || StoppedInTime(decision.request, clock)) continue;
    clock.set_passed_date(dates::Format(due + 1));
    decision.trace.Add(kPassed, {{"duty", clock.duty()}, {"due_date", due}});
    if (RuleOf(clock, policy).refunds_after()) decision.trace.Add(kRefund, {{"passed_date", due + 1}});
  }
  return decision;
}

v1::SupportRequest MeetClocks(v1::SupportRequest request, const v1::EligibilityPolicy& policy,
                              absl::CivilDay decided) {
  for (v1::RequestClock& clock : *request.mutable_clocks()) {
    if (!RuleOf(clock, policy).met_by_determination() || !clock.met_date().empty()) continue;
    clock.set_met_date(dates::Format(decided));
    // Noted before the decision was, although that was in time.
    if (decided <= dates::Checked(clock.due_date())) clock.clear_passed_date();
  }
  return request;
}

}  // namespace ipb::eligibility
