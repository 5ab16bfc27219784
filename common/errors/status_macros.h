// Return early with an error. The CO_ forms are for coroutines. Each evaluates its expression once.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define IPB_CONCAT_INNER(a, b) a##b
#define IPB_CONCAT(a, b) IPB_CONCAT_INNER(a, b)

// IPB_RETURN_IF_ERROR(DoIt());
#define IPB_RETURN_IF_ERROR(expression)                                      \
  if (absl::Status ipb_status = (expression); ipb_status.ok()) {             \
  } else                                                                     \
    return ipb_status

// IPB_ASSIGN_OR_RETURN(const int64_t total, sum.Total());
#define IPB_ASSIGN_OR_RETURN(declaration, expression) \
  IPB_ASSIGN_INNER(IPB_CONCAT(ipb_statusor_, __LINE__), declaration, expression, return)

// The same inside a coroutine. The expression may contain co_await of a named local.
#define IPB_CO_RETURN_IF_ERROR(expression)                       \
  if (absl::Status ipb_status = (expression); ipb_status.ok()) { \
  } else                                                         \
    co_return ipb_status

#define IPB_CO_ASSIGN_OR_RETURN(declaration, expression) \
  IPB_ASSIGN_INNER(IPB_CONCAT(ipb_statusor_, __LINE__), declaration, expression, co_return)

#define IPB_ASSIGN_INNER(temporary, declaration, expression, return_keyword) \
  auto temporary = (expression);                                             \
  if (!temporary.ok()) return_keyword std::move(temporary).status();         \
  declaration = *std::move(temporary)
