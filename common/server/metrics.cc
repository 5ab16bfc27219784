#include "common/server/metrics.h"

#include <exception>
#include <mutex>
#include <unordered_map>

#include "absl/strings/str_cat.h"
#include "prometheus/counter.h"
#include "prometheus/exposer.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace ipb::server {
namespace {

const prometheus::Histogram::BucketBoundaries kSeconds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                          0.05,   0.1,   0.25,   0.5,   1,    2.5};
constexpr int kCodes = 17;

}  // namespace

struct Metrics::Families {
  // The counters of one method, looked up once per call by the method's name.
  struct OfMethod {
    prometheus::Counter* by_code[kCodes] = {};
    prometheus::Histogram* took = nullptr;
  };

  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  prometheus::Family<prometheus::Counter>& calls =
      prometheus::BuildCounter().Name("ipb_calls_total").Help("Calls ended, by method and code.").Register(*registry);
  prometheus::Family<prometheus::Histogram>& seconds = prometheus::BuildHistogram()
                                                           .Name("ipb_call_seconds")
                                                           .Help("How long calls took, by method.")
                                                           .Register(*registry);
  prometheus::Gauge& in_flight = prometheus::BuildGauge()
                                     .Name("ipb_calls_in_flight")
                                     .Help("Calls under way.")
                                     .Register(*registry)
                                     .Add({});
  prometheus::Gauge& store_ready = prometheus::BuildGauge()
                                       .Name("ipb_store_ready")
                                       .Help("1 while the store takes commits.")
                                       .Register(*registry)
                                       .Add({});
  prometheus::Family<prometheus::Counter>& trims = prometheus::BuildCounter()
                                                       .Name("ipb_trim_rounds_total")
                                                       .Help("Rounds of trimming ended, by service and code.")
                                                       .Register(*registry);
  prometheus::Family<prometheus::Counter>& trimmed = prometheus::BuildCounter()
                                                         .Name("ipb_trimmed_total")
                                                         .Help("Changes and replies trimmed, by service.")
                                                         .Register(*registry);
  std::mutex mutex;
  std::unordered_map<std::string, OfMethod> methods;
  std::unique_ptr<prometheus::Exposer> exposer;
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

absl::Status Metrics::Start(const std::string& address) {
  if (address.empty()) return absl::OkStatus();
  // The library tells of a taken address by throwing; nothing else of the suite does.
  try {
    families_->exposer = std::make_unique<prometheus::Exposer>(address, 1);
  } catch (const std::exception& failure) {
    return absl::UnavailableError(absl::StrCat("--metrics=", address, ": ", failure.what()));
  }
  families_->exposer->RegisterCollectable(families_->registry);
  return absl::OkStatus();
}

void Metrics::CallEnded(const std::string& method, absl::StatusCode code, absl::Duration took) {
  prometheus::Counter* counter = nullptr;
  prometheus::Histogram* histogram = nullptr;
  {
    const std::lock_guard lock(families_->mutex);
    Families::OfMethod& of_method = families_->methods[method];
    if (of_method.took == nullptr) of_method.took = &families_->seconds.Add({{"method", method}}, kSeconds);
    prometheus::Counter*& by_code = of_method.by_code[static_cast<int>(code) % kCodes];
    if (by_code == nullptr) {
      by_code = &families_->calls.Add({{"method", method}, {"code", absl::StatusCodeToString(code)}});
    }
    counter = by_code;
    histogram = of_method.took;
  }
  counter->Increment();
  histogram->Observe(absl::ToDoubleSeconds(took));
}

void Metrics::InFlight(int change) { families_->in_flight.Increment(change); }

void Metrics::StoreReady(bool ready) { families_->store_ready.Set(ready ? 1 : 0); }

void Metrics::TrimEnded(const std::string& service, absl::StatusCode code, int64_t trimmed) {
  families_->trims.Add({{"service", service}, {"code", absl::StatusCodeToString(code)}}).Increment();
  families_->trimmed.Add({{"service", service}}).Increment(static_cast<double>(trimmed));
}

}  // namespace ipb::server
