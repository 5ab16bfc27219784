// What a case file says, as the facts that the rules of people take.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "absl/time/civil_time.h"
#include "services/people/rules/authority.h"
#include "services/people/rules/identifier.h"
#include "services/people/rules/registrant.h"
#include "tests/rules/people/people_case.pb.h"

namespace ipb::people::rules {

// The facts of a case, the same for all that is judged.
struct CaseFacts {
  absl::CivilDay today;
  // Whether the case says that anything is on record.
  bool known = false;
  // Everything on record, with the national policy that ships.
  AuthorityFacts record;
  std::vector<v1::PersonRelationship> relationships;
  // Who calls.
  Registrant by;
  cases::v1::Expectation expect;
};

// The facts that a case file gives, with what is ordinary where it says nothing.
CaseFacts FactsOf(const cases::v1::PeopleCase& given);

// The decision as the service completes it: with who called, and today where no date is given.
v1::HumanDecision DecidedBy(const CaseFacts& facts, v1::HumanDecision decision);

// The identifier as the rules meet it.
MetIdentifier Met(const cases::v1::FoundIdentifier& identifier);

// The n-th row, counted from 1. A row that is not there fails the test.
template <typename Row>
Row RowOf(const std::vector<Row>& rows, int n) {
  EXPECT_LE(n, static_cast<int>(rows.size())) << "nothing on record has the number " << n;
  return n > 0 && n <= static_cast<int>(rows.size()) ? rows[n - 1] : Row();
}

}  // namespace ipb::people::rules
