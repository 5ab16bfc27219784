// However responsibility is asked for, accepted, handed over, claimed urgently and ended, in any order and on
// any days: a living person has a body responsible for them, confirmed by another or first, on every day from
// the first one on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "services/people/rules/person.h"
#include "services/people/rules/responsibility.h"

namespace ipb::people::rules {
namespace {

constexpr absl::CivilDay kFirstDay(2025, 6, 2);
constexpr unsigned kHistories = 400;
constexpr int kSteps = 40;
constexpr int kDaysAhead = 60;
const char* const kCouncils[] = {"E10000001", "E10000002", "E10000003"};

Registrant Council(int which) { return {kCouncils[which], v1::CALLER_KIND_COUNCIL, {kCouncils[which]}}; }

v1::HumanDecision Because() {
  v1::HumanDecision decision;
  decision.set_reasons("It is so.");
  return decision;
}

v1::PeoplePolicy Policy() {
  v1::PeoplePolicy policy;
  v1::UrgentResponsibility* row = policy.add_urgent_responsibilities();
  row->set_confirm_within_days(14);
  row->mutable_provenance()->set_effective_from_date("2015-04-01");
  return policy;
}

v1::RegisterPersonRequest Registration(v1::ResponsibilityRole role) {
  v1::RegisterPersonRequest request;
  request.set_birth_date("1960-05-01");
  request.set_role(role);
  return request;
}

class History {
 public:
  explicit History(unsigned seed) : random_(seed) {
    person_ = *Register(Registration(v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE), Council(0), today_);
    person_.set_name("people/p");
  }

  // Does one thing, which the rules may refuse; gives what it was, empty where they did.
  std::string Step() {
    today_ += Pick(4) == 0 ? Pick(12) : 0;
    const Registrant by = Council(Pick(3));
    const absl::StatusOr<v1::Person> next = Decide(by);
    // What somebody does not have access to, they do not decide on.
    if (!next.ok()) return "";
    person_ = *next;
    return done_;
  }

  // The first day on which nobody is responsible; none where there is no such day.
  std::optional<absl::CivilDay> Gap() const {
    for (absl::CivilDay day = kFirstDay; day < today_ + kDaysAhead; ++day) {
      const auto& all = person_.responsibilities();
      const bool held = std::any_of(all.begin(), all.end(), [day](const v1::Responsibility& one) {
        return InEffect(one, day) && IsConfirmed(one);
      });
      if (!held) return day;
    }
    return std::nullopt;
  }
  const v1::Person& person() const { return person_; }

 private:
  int Pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
  // Ordinary residence half of the time.
  v1::ResponsibilityRole SomeRole() {
    constexpr v1::ResponsibilityRole kOthers[] = {v1::RESPONSIBILITY_ROLE_HOST,
                                                  v1::RESPONSIBILITY_ROLE_CONTINUITY,
                                                  v1::RESPONSIBILITY_ROLE_SECTION_117};
    return Pick(2) == 0 ? v1::RESPONSIBILITY_ROLE_ORDINARY_RESIDENCE : kOthers[Pick(3)];
  }

  absl::StatusOr<v1::Person> Decide(const Registrant& by) {
    const int what = Pick(5);
    done_ = std::vector<std::string>{"ask", "urgent", "accept", "transfer", "end"}[what];
    if (what == 0) return AskToJoin(person_, Registration(SomeRole()), by, today_);
    if (what == 1) {
      v1::ClaimUrgentResponsibilityRequest request;
      request.set_role(v1::RESPONSIBILITY_ROLE_HOST);
      return ClaimUrgently(person_, request, Because(), by, Policy(), today_);
    }
    if (!IsResponsible(person_, by, today_)) return absl::NotFoundError("no access");
    if (what == 2) {
      return Accept(person_, Council(Pick(3)), by, today_);
    }
    if (what == 3) {
      v1::TransferResponsibilityRequest request;
      const Registrant successor = Council(Pick(3));
      request.set_organisation(successor.organisation);
      request.set_role(SomeRole());
      request.set_effective_from_date(dates::Format(today_ + Pick(10)));
      return HandOver(person_, request, Because(), by, successor, today_);
    }
    v1::EndResponsibilityRequest request;
    request.set_effective_to_date(dates::Format(today_ + Pick(10)));
    return End(person_, request, by, today_);
  }

  std::mt19937 random_;
  absl::CivilDay today_ = kFirstDay;
  v1::Person person_;
  std::string done_;
};

TEST(ResponsibilityProperty, NoDayIsWithoutABodyResponsible) {
  std::map<std::string, int> done;
  for (unsigned seed = 1; seed <= kHistories && !::testing::Test::HasFailure(); ++seed) {
    History history(seed);
    for (int i = 0; i < kSteps; ++i) {
      const std::string what = history.Step();
      ++done[what];
      const auto gap = history.Gap();
      ASSERT_FALSE(gap.has_value()) << "seed " << seed << ", step " << i << ": after " << what
                                    << " nobody is on " << dates::Format(*gap) << "\n"
                                    << history.person().DebugString();
    }
  }
  for (const char* what : {"ask", "urgent", "accept", "transfer", "end"}) {
    EXPECT_GT(done[what], 100) << what << " was hardly ever allowed";
  }
}

}  // namespace
}  // namespace ipb::people::rules
