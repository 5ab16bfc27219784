#include "tests/rules/payments/example.h"

#include "absl/strings/cord.h"
#include "common/dates/civil.h"
#include "google/rpc/error_details.pb.h"
#include "services/payments/rules/policy.h"
#include "tests/rules/support/policy_file.h"

namespace ipb::payments::example {

v1::PaymentsPolicy Policy(const std::string& organisation) {
  return Joined(tests::ReadPolicy("deploy/policy/national/payments.textproto").payments(),
                tests::ReadPolicy("deploy/policy/local/" + organisation + "/payments.textproto").payments());
}

Caller CouncilOfficer(const std::string& actor) {
  return {kCouncil, v1::CALLER_KIND_COUNCIL, actor, "payments_officer"};
}

Caller IcbOfficer(const std::string& actor) { return {kIcb, v1::CALLER_KIND_NHS, actor, "phb_lead"}; }

v1::Agreement CouncilAgreement(int64_t weekly_pence, int64_t contribution_weekly_pence,
                               absl::CivilDay first) {
  v1::Agreement agreement;
  agreement.set_name("people/k3/agreements/1");
  agreement.set_plan("people/k3/plans/1");
  agreement.set_budget("people/k3/budgets/1");
  agreement.set_payer(kCouncil);
  agreement.set_arrangement(v1::FUNDING_ARRANGEMENT_ALIGNED);
  agreement.set_payee("people/k3/payees/1");
  agreement.set_management_option(v1::MANAGEMENT_OPTION_DIRECT_PAYMENT);
  agreement.set_payment_basis(v1::PAYMENT_BASIS_NET);
  agreement.set_contribution_weekly_pence(contribution_weekly_pence);
  agreement.set_cycle_weeks(4);
  agreement.set_cycle_anchor_date("2025-04-07");
  agreement.set_first_date(dates::Format(first));
  agreement.set_state(v1::Agreement::STATE_OPEN);
  v1::AgreementLine* line = agreement.add_lines();
  line->set_line_id("l1");
  line->set_component_id("c1");
  line->set_component_kind(v1::COMPONENT_KIND_ONGOING);
  line->set_category(v1::SPENDING_CATEGORY_PERSONAL_ASSISTANT);
  line->set_weekly_pence(weekly_pence);
  line->set_first_date(dates::Format(first));
  *line->add_shares() = Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 1);
  return agreement;
}

v1::Payee ApprovedPayee(const std::string& organisation) {
  v1::Payee payee;
  payee.set_name("people/k3/payees/1");
  payee.set_kind(v1::PAYEE_KIND_PERSON);
  payee.set_account_name("A Person");
  payee.set_sort_code("010203");
  payee.set_account_number("12345678");
  payee.set_dedicated_account(true);
  payee.set_organisation(organisation);
  payee.set_proposer("c-9");
  payee.set_state(v1::Payee::STATE_APPROVED);
  return payee;
}

OpenFacts Open(const std::string& payee_organisation) {
  OpenFacts facts;
  facts.person.name = kPerson;
  facts.plan = {"people/k3/plans/1", "people/k3/budgets/1", true, absl::CivilDay(2026, 4, 1), {}, {}};
  const auto option = v1::MANAGEMENT_OPTION_DIRECT_PAYMENT;
  facts.plan.lines.push_back({"care",
                              "c1",
                              v1::COMPONENT_KIND_ONGOING,
                              option,
                              v1::SPENDING_CATEGORY_AGENCY_CARE,
                              50001,
                              0,
                              {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 3, 5),
                               Share(kIcb, v1::FUNDING_BASIS_JOINT_PACKAGE, 2, 5)},
                              {},
                              {}});
  facts.plan.lines.push_back({"bike",
                              "c2",
                              v1::COMPONENT_KIND_ONE_OFF,
                              option,
                              v1::SPENDING_CATEGORY_EQUIPMENT,
                              0,
                              30000,
                              {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 1)},
                              {},
                              {}});
  facts.plan.lines.push_back({"day",
                              "c3",
                              v1::COMPONENT_KIND_ONGOING,
                              v1::MANAGEMENT_OPTION_THIRD_PARTY,
                              v1::SPENDING_CATEGORY_ACTIVITIES,
                              8000,
                              0,
                              {Share(kCouncil, v1::FUNDING_BASIS_CARE_ACT, 1, 1)},
                              {},
                              {}});
  facts.budget = {"people/k3/budgets/1", true, true, 4000, {}};
  facts.payee = ApprovedPayee(payee_organisation);
  return facts;
}

v1::OpenAgreementRequest OpenRequest(v1::FundingArrangement arrangement, const std::string& first_date) {
  v1::OpenAgreementRequest request;
  request.set_parent(kPerson);
  request.set_plan("people/k3/plans/1");
  request.set_management_option(v1::MANAGEMENT_OPTION_DIRECT_PAYMENT);
  request.set_payee("people/k3/payees/1");
  request.set_arrangement(arrangement);
  request.set_payment_basis(v1::PAYMENT_BASIS_NET);
  request.set_first_date(first_date);
  return request;
}

PayFacts Pay(const v1::Agreement& agreement) {
  PayFacts facts;
  facts.agreement = agreement;
  facts.payee = ApprovedPayee(agreement.payer());
  facts.person.name = kPerson;
  facts.plan_active = true;
  return facts;
}

std::vector<std::string> RefusedBy(const absl::Status& status) {
  std::vector<std::string> rules;
  google::rpc::PreconditionFailure failure;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.PreconditionFailure");
  if (payload && failure.ParseFromString(std::string(*payload))) {
    for (const auto& violation : failure.violations()) rules.push_back(violation.type());
  }
  return rules;
}

std::mt19937_64 Random(uint64_t seed) { return std::mt19937_64(seed); }

}  // namespace ipb::payments::example
