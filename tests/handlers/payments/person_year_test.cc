// What one year of one person's direct payment costs in bytes: 13 four-weekly payments from prepared to
// settled, 52 weekly spendings, one review, and a statement read every four weeks; with old replies and
// changes trimmed as the year goes by. Setting up (the person, the stated plan and budgets, the payee and the
// agreement) is not part of it.
#include <sqlite3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/dates/civil.h"
#include "common/names/names.h"
#include "common/process/trimmer.h"
#include "ipb/v1/reviews_service.grpc.pb.h"
#include "services/reviews/service.h"
#include "tests/async/wait.h"
#include "tests/handlers/payments/fixture.h"
#include "tests/store/redis_server.h"

namespace ipb::payments {
namespace {

using Reviews = v1::ReviewsService::Stub;

constexpr int kPeople = 10;
constexpr int kWeeks = 52;
constexpr int kReviewWeek = 8;

// Where the parameter's engine keeps its data, and how much that is.
class Place {
 public:
  virtual ~Place() = default;
  virtual std::string store() const = 0;
  virtual int64_t Bytes() = 0;
};

class RedisPlace final : public Place {
 public:
  std::string store() const override { return absl::StrCat("redis://127.0.0.1:", server_.port()); }
  // Memory of all keys with what Redis itself needs for them.
  int64_t Bytes() override {
    const std::string sum =
        server_.Run({"EVAL",
                     "local sum = 0 for _, key in ipairs(redis.call('KEYS', 'ipb:*')) do "
                     "sum = sum + redis.call('MEMORY', 'USAGE', key, 'SAMPLES', '0') end return sum",
                     "0"});
    int64_t bytes = 0;
    EXPECT_TRUE(absl::SimpleAtoi(sum, &bytes)) << sum;
    return bytes;
  }

 private:
  store::RedisServer server_;
};

class SqlitePlace final : public Place {
 public:
  SqlitePlace() : folder_(std::filesystem::temp_directory_path() / absl::StrCat("year-", NewRequestId())) {
    std::filesystem::create_directory(folder_);
  }
  ~SqlitePlace() override { std::filesystem::remove_all(folder_); }
  std::string store() const override { return absl::StrCat("sqlite:", File()); }
  // Of the file once its log is written back: its pages that are in use.
  int64_t Bytes() override {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open_v2(File().c_str(), &database, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK);
    const int64_t pages = Number(database, "PRAGMA page_count") - Number(database, "PRAGMA freelist_count");
    const int64_t bytes = pages * Number(database, "PRAGMA page_size");
    sqlite3_close(database);
    return bytes;
  }

 private:
  std::string File() const { return (folder_ / "ipb.db").string(); }
  static int64_t Number(sqlite3* database, const char* sql) {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database, sql, -1, &statement, nullptr), SQLITE_OK);
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
    const int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
  }

  const std::filesystem::path folder_;
};

struct Engine {
  const char* name;
  std::unique_ptr<Place> (*make)();
  // What a person-year may cost at most.
  int64_t maximum_bytes;
};

const Engine kEngines[] = {
    {"Redis", [] { return std::unique_ptr<Place>(std::make_unique<RedisPlace>()); }, 190'000},
    {"Sqlite", [] { return std::unique_ptr<Place>(std::make_unique<SqlitePlace>()); }, 225'000},
};

// Made before the services and gone after them.
struct HasPlace {
  explicit HasPlace(const Engine& engine) : place(engine.make()) {}
  const std::unique_ptr<Place> place;
};

class PersonYearTest : private HasPlace, public PaymentsTest, public ::testing::WithParamInterface<Engine> {
 protected:
  PersonYearTest()
      : HasPlace(GetParam()),
        PaymentsTest({reviews::Factory()}, place->store()),
        reviews_(v1::ReviewsService::NewStub(suite_.channel())) {}

  int64_t Bytes() { return place->Bytes(); }

  void SetUpPeople() {
    for (int i = 0; i < kPeople; ++i) {
      person_ = NewPerson();
      StatePlan(person_);
      State(person_, StatedPlan(person_, v1::Plan::STATE_ACTIVE), "reviews");
      agreements_.push_back(CouncilAgreement().name());
    }
  }
  void Pay(const std::string& date) {
    const v1::PaymentRun run = Must(&Stub::CreatePaymentRun, kCouncil, Creating(date));
    EXPECT_GE(run.payment_count(), kPeople) << date;
    Must(&Stub::ReleasePaymentRun, kSecondCouncilOfficer, Releasing(run));
    Must(&Stub::ExportPaymentRun, kCouncil, Exporting(run));
    Must(&Stub::SettlePayments, kCouncil, Settling(run, v1::BankResult::OUTCOME_SETTLED));
    for (const std::string& agreement : agreements_) {
      v1::GetStatementRequest request;
      request.set_name(agreement);
      EXPECT_FALSE(Must(&Stub::GetStatement, kCouncil, request).name().empty());
    }
  }
  void Spend(const std::string& date) {
    for (const std::string& agreement : agreements_) {
      v1::RecordSpendingRequest request = Spending(agreement, 42'350);
      request.set_spent_date(date);
      Must(&Stub::RecordSpending, kCouncil, request);
    }
  }
  void Review() {
    for (const std::string& agreement : agreements_) {
      const std::string person = names::Subject(agreement);
      v1::ScheduleReviewRequest scheduling;
      scheduling.set_parent(person);
      scheduling.set_plan(names::Child(person, "plans", 1));
      scheduling.set_trigger(v1::REVIEW_TRIGGER_CADENCE);
      scheduling.set_request_id(NewRequestId());
      const v1::Review review = MustReview(&Reviews::ScheduleReview, scheduling);
      v1::StartReviewRequest starting;
      starting.set_name(review.name());
      MustReview(&Reviews::StartReview, starting);
      v1::CompleteReviewRequest completing;
      completing.set_name(review.name());
      v1::ReviewFindings& findings = *completing.mutable_findings();
      findings.set_working("The mornings, and the swimming club on Thursdays.");
      findings.set_not_working("The evenings: the assistant leaves before the tablets are due.");
      findings.set_must_change("A later visit on weekdays.");
      findings.set_needs_changed(v1::REVIEW_ANSWER_NO);
      findings.set_budget_sufficient(v1::REVIEW_ANSWER_YES);
      findings.set_money_used_as_planned(v1::REVIEW_ANSWER_YES);
      findings.set_direct_payment_suitable(v1::REVIEW_ANSWER_YES);
      findings.add_participants()->set_part(v1::ReviewParticipant::PART_PERSON);
      completing.set_outcome(v1::REVIEW_OUTCOME_NO_CHANGE);
      completing.set_request_id(NewRequestId());
      MustReview(&Reviews::CompleteReview, completing);
    }
  }
  void Trim() {
    for (const char* service : {"people", "payments", "reviews"}) {
      EXPECT_TRUE(async::Wait(suite_.process().TrimmerOf(service)->RunRound()).ok());
    }
  }
  void LiveAYear() {
    const absl::CivilDay first(2025, 6, 2);
    for (int week = 0; week < kWeeks; ++week) {
      const std::string date = dates::Format(first + 7 * week);
      suite_.SetDate(date);
      if (week % 4 == 0) Pay(date);
      Spend(date);
      if (week == kReviewWeek) Review();
      Trim();
    }
    suite_.SetDate(dates::Format(first + 7 * (kWeeks + 6)));
    Trim();
  }

  std::vector<std::string> agreements_;

 private:
  template <typename Request>
  v1::Review MustReview(grpc::Status (Reviews::*method)(grpc::ClientContext*, const Request&, v1::Review*),
                        const Request& request) {
    v1::Review review;
    const grpc::Status status = suite_.Call(*reviews_, method, kCouncil, request, &review);
    EXPECT_TRUE(status.ok()) << status.error_code() << " " << status.error_message();
    return review;
  }

  const std::unique_ptr<Reviews> reviews_;
};

TEST_P(PersonYearTest, CostsNoMoreThanIsSaid) {
  SetUpPeople();
  const int64_t before = Bytes();
  LiveAYear();
  const int64_t bytes = (Bytes() - before) / kPeople;
  std::printf("%s: %lld bytes a person-year, after %lld to set up\n", GetParam().name,
              static_cast<long long>(bytes), static_cast<long long>(before / kPeople));
  EXPECT_LE(bytes, GetParam().maximum_bytes);
}

INSTANTIATE_TEST_SUITE_P(Engines, PersonYearTest, ::testing::ValuesIn(kEngines),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace ipb::payments
