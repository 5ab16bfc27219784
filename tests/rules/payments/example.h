// One person's case, for tests to vary: a council and an ICB, a plan of three lines, payees and the policy
// that ships.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "ipb/v1/agreement.pb.h"
#include "ipb/v1/payee.pb.h"
#include "ipb/v1/payments_policy.pb.h"
#include "services/payments/rules/agreement.h"
#include "services/payments/rules/facts.h"
#include "services/payments/rules/gates.h"
#include "tests/support/funding.h"

namespace ipb::payments::example {

using tests::Share;

inline constexpr char kPerson[] = "people/k3";
inline constexpr char kCouncil[] = "E10000019";
inline constexpr char kIcb[] = "QZZ";

// National rows and those of one organisation, merged as the server does.
v1::PaymentsPolicy Policy(const std::string& organisation);

Caller CouncilOfficer(const std::string& actor = "c-1");
Caller IcbOfficer(const std::string& actor = "n-1");

// An open net agreement of the council: one weekly line "l1" of component "c1", all Care Act money, from
// `first`.
v1::Agreement CouncilAgreement(int64_t weekly_pence, int64_t contribution_weekly_pence, absl::CivilDay first);

// An approved payee of an organisation: people/k3/payees/1.
v1::Payee ApprovedPayee(const std::string& organisation);

// A plan active from 1 April 2026 with a joint weekly line "care" (council 3/5, ICB 2/5) of 500.01 and a
// council line "bike" of 300.00 once, held as direct payments, and a third-party council line "day" of 80.00
// a week; contribution 40.00.
OpenFacts Open(const std::string& payee_organisation);
v1::OpenAgreementRequest OpenRequest(v1::FundingArrangement arrangement, const std::string& first_date);

// Everything fine for paying an agreement.
PayFacts Pay(const v1::Agreement& agreement);

// The rules that refused.
std::vector<std::string> RefusedBy(const absl::Status& status);

// A seeded engine: the same numbers on every run.
std::mt19937_64 Random(uint64_t seed);

}  // namespace ipb::payments::example
