#include "services/payments/rules/payee.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/dates/civil.h"
#include "common/dates/effective.h"
#include "common/errors/errors.h"
#include "common/errors/status_macros.h"
#include "common/explain/trace.h"
#include "services/payments/rules/human.h"

namespace ipb::payments {
namespace {

constexpr explain::Rule kParty{
    "PAY-PAYEE-PARTY", "The account is not the person's, and its holder is not named",
    "Care Act 2014 ss31-32; SI 2013/1617 regs 5-6, 10", "give the holder's reference in `party`."};
constexpr explain::Rule kOrganisation{"PAY-PAYEE-ORGANISATION", "The payee is kept by another organisation",
                                      "financial control: each payer approves its own payees",
                                      "the organisation that proposed it approves it."};
constexpr explain::Rule kSecondPerson{
    "PAY-PAYEE-SECOND-PERSON", "Whoever proposed the account may not approve it",
    "financial control: two people for bank details", "somebody else of the organisation approves it."};
constexpr explain::Rule kName{"PAY-PAYEE-NAME", "The bank says that the name is not the account's",
                              "Confirmation of Payee", "propose a payee with the name that the account has."};
constexpr explain::Rule kReasons{"PAY-PAYEE-REASONS",
                                 "The bank's name check was not a full match, and no reasons are given",
                                 "Confirmation of Payee", "give reasons in `decision.reasons`."};
constexpr explain::Rule kCallBack{"PAY-PAYEE-CALL-BACK",
                                  "The details were not confirmed with the holder by a call back",
                                  "local policy: bank details are called back",
                                  "call the holder on a number known from elsewhere and set `called_back`."};

bool AreDigits(absl::string_view text, size_t count) {
  return text.size() == count &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool IsSortCode(absl::string_view text) { return AreDigits(text, 6); }

bool IsAccountNumber(absl::string_view text) { return AreDigits(text, 8); }

absl::StatusOr<v1::Payee> DecideProposePayee(const v1::ProposePayeeRequest& request, const Caller& caller) {
  std::vector<errors::FieldViolation> wrong;
  if (!IsSortCode(request.sort_code())) wrong.push_back({"sort_code", "is not six digits"});
  if (!IsAccountNumber(request.account_number())) wrong.push_back({"account_number", "is not eight digits"});
  if (!wrong.empty()) return errors::InvalidFields(wrong);
  explain::Refusal refusal;
  if (request.kind() != v1::PAYEE_KIND_PERSON && request.party().empty())
    refusal.Add(kParty, request.parent());
  IPB_RETURN_IF_ERROR(refusal.ToStatus());

  v1::Payee payee;
  payee.set_kind(request.kind());
  payee.set_party(request.party());
  payee.set_account_name(request.account_name());
  payee.set_sort_code(request.sort_code());
  payee.set_account_number(request.account_number());
  payee.set_dedicated_account(request.dedicated_account());
  payee.set_organisation(caller.organisation);
  payee.set_proposer(caller.actor);
  payee.set_state(v1::Payee::STATE_PROPOSED);
  return payee;
}

absl::StatusOr<v1::Payee> DecideApprovePayee(const v1::Payee& payee, const v1::ApprovePayeeRequest& request,
                                             const Caller& caller, const v1::PaymentsPolicy& policy,
                                             absl::CivilDay today) {
  if (payee.state() != v1::Payee::STATE_PROPOSED) {
    return errors::WrongState(payee.name(), v1::Payee::State_Name(payee.state()), "STATE_PROPOSED");
  }
  const v1::PayeeChecks* checks = dates::InEffect(policy.payee_checks(), today);
  if (checks == nullptr) return errors::NoRate("payee checks", dates::Format(today));

  explain::Refusal refusal;
  if (payee.organisation() != caller.organisation) refusal.Add(kOrganisation, payee.name());
  if (SamePerson(payee.organisation(), payee.proposer(), caller)) refusal.Add(kSecondPerson, payee.name());
  const v1::AccountNameCheck check = request.account_name_check();
  if (check == v1::ACCOUNT_NAME_CHECK_NO_MATCH || check == v1::ACCOUNT_NAME_CHECK_UNSPECIFIED) {
    refusal.Add(kName, payee.name());
  } else if (check != v1::ACCOUNT_NAME_CHECK_MATCH && !HasReasons(request.decision())) {
    refusal.Add(kReasons, payee.name());
  }
  if (checks->call_back_required() && !request.called_back()) refusal.Add(kCallBack, payee.name());
  IPB_RETURN_IF_ERROR(refusal.ToStatus());

  v1::Payee approved = payee;
  IPB_ASSIGN_OR_RETURN(*approved.mutable_approval(), DecidedBy(request.decision(), caller, today));
  approved.set_account_name_check(check);
  approved.set_state(v1::Payee::STATE_APPROVED);
  return approved;
}

}  // namespace ipb::payments
