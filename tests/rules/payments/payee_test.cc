#include "services/payments/rules/payee.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/errors/errors.h"
#include "tests/rules/payments/example.h"

namespace ipb::payments {
namespace {

using ::testing::ElementsAre;

const absl::CivilDay kToday(2026, 4, 6);

v1::Payee Proposed() {
  v1::Payee payee = example::ApprovedPayee(example::kCouncil);
  payee.set_state(v1::Payee::STATE_PROPOSED);
  payee.set_proposer("c-1");
  return payee;
}

TEST(Payee, IsProposedWithDetailsOfTheRightForm) {
  v1::ProposePayeeRequest request;
  request.set_kind(v1::PAYEE_KIND_REPRESENTATIVE);
  request.set_sort_code("01-02-03");
  request.set_account_number("1234567");
  EXPECT_EQ(errors::ReasonOf(DecideProposePayee(request, example::CouncilOfficer()).status()),
            v1::ERROR_REASON_INVALID_FIELD);
  request.set_sort_code("010203");
  request.set_account_number("01234567");
  EXPECT_THAT(example::RefusedBy(DecideProposePayee(request, example::CouncilOfficer()).status()),
              ElementsAre("PAY-PAYEE-PARTY"));
  request.set_party("rep-7");
  const auto payee = DecideProposePayee(request, example::CouncilOfficer());
  ASSERT_TRUE(payee.ok());
  EXPECT_EQ(payee->proposer(), "c-1");
  EXPECT_EQ(payee->state(), v1::Payee::STATE_PROPOSED);
}

struct ApprovalCase {
  const char* name;
  Caller caller;
  v1::AccountNameCheck check;
  bool called_back;
  const char* reasons;
  std::vector<std::string> refused_by;
};

TEST(Payee, IsApprovedByASecondPersonOnChecksMade) {
  const auto match = v1::ACCOUNT_NAME_CHECK_MATCH;
  const ApprovalCase cases[] = {
      {"fine", example::CouncilOfficer("c-2"), match, true, "", {}},
      {"close with reasons",
       example::CouncilOfficer("c-2"),
       v1::ACCOUNT_NAME_CHECK_CLOSE_MATCH,
       true,
       "initials",
       {}},
      {"close without",
       example::CouncilOfficer("c-2"),
       v1::ACCOUNT_NAME_CHECK_CLOSE_MATCH,
       true,
       " ",
       {"PAY-PAYEE-REASONS"}},
      {"another name",
       example::CouncilOfficer("c-2"),
       v1::ACCOUNT_NAME_CHECK_NO_MATCH,
       true,
       "sure",
       {"PAY-PAYEE-NAME"}},
      {"the proposer, no call",
       example::CouncilOfficer("c-1"),
       match,
       false,
       "",
       {"PAY-PAYEE-SECOND-PERSON", "PAY-PAYEE-CALL-BACK"}},
      {"another body", example::IcbOfficer("c-1"), match, true, "", {"PAY-PAYEE-ORGANISATION"}},
  };
  const v1::PaymentsPolicy policy = example::Policy(example::kCouncil);
  for (const ApprovalCase& one : cases) {
    v1::ApprovePayeeRequest request;
    request.set_account_name_check(one.check);
    request.set_called_back(one.called_back);
    request.mutable_decision()->set_reasons(one.reasons);
    const auto approved = DecideApprovePayee(Proposed(), request, one.caller, policy, kToday);
    EXPECT_EQ(example::RefusedBy(approved.status()), one.refused_by) << one.name;
    EXPECT_EQ(approved.ok(), one.refused_by.empty()) << one.name;
    if (approved.ok()) {
      EXPECT_EQ(approved->approval().decider(), one.caller.actor);
    }
  }
  EXPECT_EQ(
      errors::ReasonOf(DecideApprovePayee(Proposed(), v1::ApprovePayeeRequest(),
                                          example::CouncilOfficer("c-2"), policy, absl::CivilDay(2020, 1, 1))
                           .status()),
      v1::ERROR_REASON_NO_RATE);
}

}  // namespace
}  // namespace ipb::payments
