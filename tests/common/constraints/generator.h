// Random messages for property tests.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "google/protobuf/message.h"

namespace ipb::constraints {

// Makes messages that keep the rules of their contract, and messages that break exactly one. Not thread-safe.
class Generator {
 public:
  explicit Generator(uint32_t seed) : random_(seed) {}

  // Fills the message so that it keeps every rule. Messages within are made down to `depth` levels, except
  // that required ones always are.
  void FillValid(google::protobuf::Message* message, int depth);

  // Fills every kind of field freely, with no regard to rules.
  void FillFreely(google::protobuf::Message* message, int depth);

  // Breaks one rule somewhere in a valid message; returns the path that must be told, or nothing where this
  // message has no rule to break at the place chosen.
  std::string BreakOne(google::protobuf::Message* message);

  int Pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

 private:
  std::string ValidText(const google::protobuf::FieldDescriptor* field);
  void SetValid(google::protobuf::Message* message, const google::protobuf::FieldDescriptor* field,
                int depth);
  void SetFreely(google::protobuf::Message* message, const google::protobuf::FieldDescriptor* field,
                 int depth);
  std::string BreakText(google::protobuf::Message* message, const google::protobuf::FieldDescriptor* field);
  std::string BreakField(google::protobuf::Message* message, const google::protobuf::FieldDescriptor* field);

  std::mt19937 random_;
};

}  // namespace ipb::constraints
