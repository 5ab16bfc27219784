// The eligibility service, with the people service beside it unless --people says that it is elsewhere.
#include "common/process/process.h"
#include "services/eligibility/service.h"
#include "services/people/service.h"

int main(int argc, char** argv) {
  return ipb::process::Main(argc, argv, {ipb::eligibility::Factory()}, ipb::people::Factory(),
                            ipb::process::HostPeople::kUnlessElsewhere);
}
