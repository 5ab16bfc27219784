// All services in one process, for local use, tests and small deployments.
#include "common/process/process.h"
#include "services/allocation/service.h"
#include "services/careplanning/service.h"
#include "services/eligibility/service.h"
#include "services/payments/service.h"
#include "services/people/service.h"
#include "services/reviews/service.h"

int main(int argc, char** argv) {
  return ipb::process::Main(argc, argv,
                            {ipb::people::Factory(), ipb::eligibility::Factory(), ipb::allocation::Factory(),
                             ipb::careplanning::Factory(), ipb::payments::Factory(), ipb::reviews::Factory()});
}
