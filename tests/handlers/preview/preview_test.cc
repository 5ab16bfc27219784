// What validate_only shows is what the real call does, or the real call is ABORTED because something moved in between:
// over random histories of one person, with and without others changing them meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "ipb/v1/people_service.grpc.pb.h"
#include "services/people/service.h"
#include "tests/support/running_suite.h"

namespace ipb {
namespace {

using google::protobuf::Message;
using testing::As;
using testing::RunningSuite;

constexpr int kHistories = 20;
constexpr int kSteps = 40;

// A call that a history may make next.
struct Step {
  const google::protobuf::MethodDescriptor* method;
  std::unique_ptr<Message> request;
  As as;
};

void SetText(Message& message, const char* field, const std::string& value) {
  message.GetReflection()->SetString(&message, message.GetDescriptor()->FindFieldByName(field), value);
}

void SetFlag(Message& message, const char* field, bool value) {
  message.GetReflection()->SetBool(&message, message.GetDescriptor()->FindFieldByName(field), value);
}

std::string TextOf(const Message& message, const char* field) {
  return message.GetReflection()->GetString(message, message.GetDescriptor()->FindFieldByName(field));
}

// Whether two replies say the same, apart from when and at which revision.
std::string Difference(const Message& preview, const Message& real) {
  google::protobuf::util::MessageDifferencer differencer;
  std::string difference;
  differencer.ReportDifferencesToString(&difference);
  const std::unique_ptr<Message> a(preview.New()), b(real.New());
  a->CopyFrom(preview);
  b->CopyFrom(real);
  for (Message* one : {a.get(), b.get()}) {
    for (const char* field : {"etag", "preview_token", "recorded_time"}) {
      const auto* found = one->GetDescriptor()->FindFieldByName(field);
      if (found != nullptr) one->GetReflection()->ClearField(one, found);
    }
  }
  differencer.Compare(*a, *b);
  return difference;
}

class History {
 public:
  explicit History(unsigned seed) : random_(seed), suite_({people::Factory()}) {
    Step step = Registration(testing::kCouncil);
    person_ = TextOf(*suite_.CallAny(*step.method, step.as, *step.request).reply, "name");
  }

  void Run() {
    for (int i = 0; i < kSteps; ++i) {
      SCOPED_TRACE(i);
      PreviewThenCall(Next());
    }
    EXPECT_GT(agreed_, 0);
  }
  int aborted() const { return aborted_; }
  int refused() const { return refused_; }

 private:
  int Pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

  template <typename Request>
  Step Make(const char* method, Request request, const As& as = testing::kCouncil) {
    request.set_request_id(testing::NewRequestId());
    const auto* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName("ipb.v1.PeopleService");
    return {service->FindMethodByName(method), std::make_unique<Request>(std::move(request)), as};
  }

  Step Registration(const As& as) {
    v1::RegisterPersonRequest request;
    request.mutable_identifier()->set_kind(v1::IDENTIFIER_KIND_NHS_NUMBER);
    request.mutable_identifier()->set_value(nhs_number_);
    request.set_birth_date("1960-05-01");
    request.set_role(v1::RESPONSIBILITY_ROLE_SECTION_117);
    return Make("RegisterPerson", std::move(request), as);
  }

  Step Next() {
    switch (Pick(6)) {
      case 0: {
        v1::RecordCircumstanceRequest request;
        request.set_parent(person_);
        request.set_kind(Pick(12) == 0 ? v1::Circumstance::KIND_DEATH : v1::Circumstance::KIND_HOSPITAL);
        request.set_effective_from_date(absl::StrCat("2025-05-", 10 + Pick(20)));
        return Make("RecordCircumstance", std::move(request));
      }
      case 1: {
        v1::EndCircumstanceRequest request;
        request.set_name(absl::StrCat(person_, "/circumstances/", 1 + Pick(8)));
        request.set_effective_to_date(absl::StrCat("2025-05-", 10 + Pick(20)));
        return Make("EndCircumstance", std::move(request));
      }
      case 2: {
        v1::AppointRepresentativeRequest request;
        request.set_parent(person_);
        request.set_kind(v1::Representative::KIND_NOMINEE);
        request.set_party("party-1");
        request.set_reasons("The person wishes it.");
        return Make("AppointRepresentative", std::move(request));
      }
      case 3: {
        v1::EndRepresentativeRequest request;
        request.set_name(absl::StrCat(person_, "/representatives/", 1 + Pick(8)));
        request.set_effective_to_date("2025-06-30");
        return Make("EndRepresentative", std::move(request));
      }
      case 4:
        return Registration(testing::kIcb);
      default: {
        v1::AcceptResponsibilityRequest request;
        request.set_name(person_);
        request.set_organisation(testing::kIcb.organisation);
        return Make("AcceptResponsibility", std::move(request));
      }
    }
  }

  void PreviewThenCall(Step step) {
    SetFlag(*step.request, "validate_only", true);
    const RunningSuite::AnyReply preview = suite_.CallAny(*step.method, step.as, *step.request);
    bool moved = false;
    if (Pick(3) == 0) {
      Step other = Next();
      moved = suite_.CallAny(*other.method, other.as, *other.request).status.ok();
    }
    SetFlag(*step.request, "validate_only", false);
    if (preview.status.ok()) SetText(*step.request, "preview_token", TextOf(*preview.reply, "preview_token"));
    const RunningSuite::AnyReply real = suite_.CallAny(*step.method, step.as, *step.request);
    if (real.status.error_code() == grpc::ABORTED) {
      EXPECT_TRUE(moved) << step.method->name() << " is aborted although nothing moved";
      ++aborted_;
    } else if (!preview.status.ok()) {
      ++refused_;
      EXPECT_TRUE(moved || real.status.error_code() == preview.status.error_code()) << step.method->name();
    } else {
      ASSERT_TRUE(real.status.ok()) << step.method->name() << ": " << real.status.error_message();
      EXPECT_EQ(Difference(*preview.reply, *real.reply), "") << step.method->name();
      ++agreed_;
    }
  }

  std::mt19937 random_;
  RunningSuite suite_;
  const std::string nhs_number_ = testing::NewNhsNumber();
  std::string person_;
  int agreed_ = 0;
  int aborted_ = 0;
  int refused_ = 0;
};

TEST(Preview, AgreesWithTheCallOrTheCallIsAborted) {
  int aborted = 0, refused = 0;
  for (unsigned seed = 1; seed <= kHistories; ++seed) {
    SCOPED_TRACE(seed);
    History history(seed);
    history.Run();
    aborted += history.aborted();
    refused += history.refused();
  }
  EXPECT_GT(aborted, 0) << "no history showed a stale preview";
  EXPECT_GT(refused, 0) << "no history showed a refused preview";
}

}  // namespace
}  // namespace ipb
