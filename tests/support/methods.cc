#include "tests/support/methods.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace ipb::testing {

using google::protobuf::DescriptorPool;
using google::protobuf::MethodDescriptor;

std::vector<const MethodDescriptor*> EveryMethod() {
  std::vector<const MethodDescriptor*> methods;
  for (const char* file : {"people_service", "eligibility_service", "allocation_service",
                           "care_planning_service", "payments_service", "reviews_service", "changes_service",
                           "statements_service", "decisions_service", "policy"}) {
    const auto* contract =
        DescriptorPool::generated_pool()->FindFileByName(absl::StrCat("ipb/v1/", file, ".proto"));
    EXPECT_NE(contract, nullptr) << file;
    for (int s = 0; contract != nullptr && s < contract->service_count(); ++s) {
      for (int m = 0; m < contract->service(s)->method_count(); ++m)
        methods.push_back(contract->service(s)->method(m));
    }
  }
  return methods;
}

std::string ShortName(const MethodDescriptor& method) {
  return absl::StrCat(method.service()->name(), ".", method.name());
}

const MethodDescriptor& MethodNamed(const std::string& short_name) {
  const MethodDescriptor* method =
      DescriptorPool::generated_pool()->FindMethodByName(absl::StrCat("ipb.v1.", short_name));
  if (method == nullptr) ADD_FAILURE() << "the contract has no method " << short_name;
  return *method;
}

bool HasPreview(const MethodDescriptor& method) {
  return method.input_type()->FindFieldByName("validate_only") != nullptr;
}

}  // namespace ipb::testing
