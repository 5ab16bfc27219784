// The shape that every method and message of the contracts shares, read from the contracts themselves: whatever is
// added is checked without being named here.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ipb/v1/options.pb.h"

namespace ipb::contract {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using ::testing::IsEmpty;

constexpr uint32_t kLongestText = 65536;
constexpr uint32_t kLongestList = 10000;

// Verbs that only read. A method with any other verb is one that mutates.
constexpr const char* kReadingVerbs[] = {"Get",   "List",     "Lookup", "Evaluate", "Check",
                                         "Watch", "Simulate", "Replay", "Count",    "Fit"};

class ContractTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    google::protobuf::FileDescriptorSet set;
    std::ifstream in(IPB_CONTRACTS, std::ios::binary);
    ASSERT_TRUE(set.ParseFromIstream(&in)) << IPB_CONTRACTS;
    pool_ = new google::protobuf::DescriptorPool;
    for (const auto& file : set.file()) {
      const auto* built = pool_->BuildFile(file);
      ASSERT_NE(built, nullptr) << file.name();
      if (built->package() != "ipb.v1") continue;
      for (int s = 0; s < built->service_count(); ++s) {
        for (int m = 0; m < built->service(s)->method_count(); ++m) {
          methods_.push_back(built->service(s)->method(m));
        }
      }
      for (int i = 0; i < built->message_type_count(); ++i) messages_.push_back(built->message_type(i));
    }
  }

  void TearDown() override { EXPECT_THAT(wrong_, IsEmpty()) << "\n" << absl::StrJoin(wrong_, "\n"); }

  void Wrong(const std::string& where, const std::string& what) { wrong_.insert(absl::StrCat(where, " ", what)); }

  // Visits the fields of a message and of the messages below it that are ours, each message once.
  void Visit(const Descriptor* message, const std::function<void(const FieldDescriptor*)>& visit) {
    std::set<const Descriptor*> seen;
    std::function<void(const Descriptor*)> walk = [&](const Descriptor* at) {
      if (!seen.insert(at).second || !absl::StartsWith(at->full_name(), "ipb.v1.")) return;
      for (int i = 0; i < at->field_count(); ++i) {
        visit(at->field(i));
        if (at->field(i)->message_type() != nullptr) walk(at->field(i)->message_type());
      }
    };
    walk(message);
  }

  // Visits every field that a caller can send.
  void VisitRequests(const std::function<void(const FieldDescriptor*)>& visit) {
    for (const MethodDescriptor* method : methods_) Visit(method->input_type(), visit);
  }

  static const v1::FieldRule& Rule(const FieldDescriptor* field) { return field->options().GetExtension(v1::rule); }
  static const v1::MethodRule& Rule(const MethodDescriptor* method) {
    return method->options().GetExtension(v1::method);
  }

  static google::protobuf::DescriptorPool* pool_;
  static std::vector<const MethodDescriptor*> methods_;
  static std::vector<const Descriptor*> messages_;
  std::set<std::string> wrong_;
};

google::protobuf::DescriptorPool* ContractTest::pool_ = nullptr;
std::vector<const MethodDescriptor*> ContractTest::methods_;
std::vector<const Descriptor*> ContractTest::messages_;

TEST_F(ContractTest, IsThere) {
  EXPECT_FALSE(methods_.empty());
  EXPECT_FALSE(messages_.empty());
}

TEST_F(ContractTest, EveryMethodThatIsNotAReadingVerbMutatesAndNoOtherDoes) {
  for (const MethodDescriptor* method : methods_) {
    bool reads = false;
    for (const char* verb : kReadingVerbs) reads = reads || absl::StartsWith(method->name(), verb);
    if (reads == Rule(method).mutates()) {
      Wrong(method->full_name(), reads ? "reads by its name, but mutates" : "is not marked `mutates: true`");
    }
    if (Rule(method).moves_money() && !Rule(method).mutates()) Wrong(method->full_name(), "moves money but mutates not");
    if (Rule(method).begins() && !Rule(method).mutates()) Wrong(method->full_name(), "begins but mutates not");
  }
}

TEST_F(ContractTest, EveryMutationCanBeRepeatedAndPreviewed) {
  for (const MethodDescriptor* method : methods_) {
    if (!Rule(method).mutates()) continue;
    const Descriptor* request = method->input_type();
    const auto* request_id = request->FindFieldByName("request_id");
    const auto* validate_only = request->FindFieldByName("validate_only");
    if (request_id == nullptr || Rule(request_id).format() != v1::FORMAT_UUID) {
      Wrong(request->full_name(), "has no request_id of FORMAT_UUID");
    } else if (Rule(method).moves_money() && !Rule(request_id).required()) {
      Wrong(request->full_name(), "moves money, but its request_id is not required");
    }
    if (validate_only == nullptr || validate_only->type() != FieldDescriptor::TYPE_BOOL) {
      Wrong(request->full_name(), "has no bool validate_only");
    }
    for (const Descriptor* message : {request, method->output_type()}) {
      const auto* token = message->FindFieldByName("preview_token");
      if (token == nullptr || token->type() != FieldDescriptor::TYPE_STRING) {
        Wrong(message->full_name(), "has no string preview_token");
      }
    }
  }
}

TEST_F(ContractTest, EveryListIsPaged) {
  for (const MethodDescriptor* method : methods_) {
    if (!absl::StartsWith(method->name(), "List") || method->server_streaming()) continue;
    for (const char* name : {"page_size", "page_token"}) {
      if (method->input_type()->FindFieldByName(name) == nullptr) {
        Wrong(method->input_type()->full_name(), absl::StrCat("has no ", name));
      }
    }
    if (method->output_type()->FindFieldByName("next_page_token") == nullptr) {
      Wrong(method->output_type()->full_name(), "has no next_page_token");
    }
  }
}

TEST_F(ContractTest, DatesInRequestsAreChecked) {
  VisitRequests([this](const FieldDescriptor* field) {
    if (!absl::EndsWith(field->name(), "_date")) return;
    if (field->type() != FieldDescriptor::TYPE_STRING || Rule(field).format() != v1::FORMAT_ISO_DATE) {
      Wrong(field->full_name(), "can be sent in a request and is not a string of FORMAT_ISO_DATE");
    }
  });
}

TEST_F(ContractTest, MoneyInRequestsIsBounded) {
  VisitRequests([this](const FieldDescriptor* field) {
    if (!absl::EndsWith(field->name(), "_pence")) return;
    if (!Rule(field).has_minimum() || !Rule(field).has_maximum()) {
      Wrong(field->full_name(), "can be sent in a request and has no minimum and maximum");
    }
  });
}

TEST_F(ContractTest, TextAndListsInRequestsAreBounded) {
  // Without a rule the bounds of options.proto hold; a rule may widen them only so far.
  VisitRequests([this](const FieldDescriptor* field) {
    if (field->is_map()) Wrong(field->full_name(), "is a map, and can be sent in a request");
    if (Rule(field).maximum_length() > kLongestText) Wrong(field->full_name(), "allows text that is too long");
    if (Rule(field).maximum_items() > kLongestList) Wrong(field->full_name(), "allows a list that is too long");
    const bool text = field->type() == FieldDescriptor::TYPE_STRING || field->type() == FieldDescriptor::TYPE_BYTES;
    const bool on_text = Rule(field).has_minimum_length() || Rule(field).has_maximum_length() ||
                         !Rule(field).pattern().empty() || Rule(field).format() != v1::FORMAT_UNSPECIFIED ||
                         !Rule(field).resource().empty();
    if (on_text && !text) Wrong(field->full_name(), "has a rule for text, and is none");
    if (Rule(field).has_maximum_items() && !field->is_repeated()) Wrong(field->full_name(), "is no list");
  });
}

TEST_F(ContractTest, MoneyIsWholePenceEverywhere) {
  for (const Descriptor* message : messages_) {
    Visit(message, [this](const FieldDescriptor* field) {
      const bool pence = absl::EndsWith(field->name(), "_pence");
      if (pence && field->type() != FieldDescriptor::TYPE_INT64) Wrong(field->full_name(), "is not int64");
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE || field->cpp_type() == FieldDescriptor::CPPTYPE_FLOAT) {
        Wrong(field->full_name(), "is a floating-point number");
      }
    });
  }
}

TEST_F(ContractTest, InstantsAreTimestamps) {
  for (const Descriptor* message : messages_) {
    Visit(message, [this](const FieldDescriptor* field) {
      if (!absl::EndsWith(field->name(), "_time")) return;
      const auto* type = field->message_type();
      if (type == nullptr || type->full_name() != "google.protobuf.Timestamp") {
        Wrong(field->full_name(), "is not a google.protobuf.Timestamp");
      }
    });
  }
}

}  // namespace
}  // namespace ipb::contract
