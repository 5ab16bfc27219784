// The methods of the contract, by reflection: for tests that leave none out.
#pragma once

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"

namespace ipb::testing {

// Every method of every service, those that all servers have among them. The contract must be linked.
std::vector<const google::protobuf::MethodDescriptor*> EveryMethod();

// "PeopleService.RegisterPerson".
std::string ShortName(const google::protobuf::MethodDescriptor& method);

// The method of that short name, which must exist.
const google::protobuf::MethodDescriptor& MethodNamed(const std::string& short_name);

// Whether the method changes something, and so has a preview: its request has validate_only.
bool HasPreview(const google::protobuf::MethodDescriptor& method);

}  // namespace ipb::testing
