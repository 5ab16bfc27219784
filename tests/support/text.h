// Messages written in tests as text.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "google/protobuf/text_format.h"

namespace ipb::testing {

// A message from its text form.
template <typename Message>
Message Text(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

}  // namespace ipb::testing
