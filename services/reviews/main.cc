// The reviews service as a process of its own.
#include "common/process/process.h"
#include "services/people/service.h"
#include "services/reviews/service.h"

int main(int argc, char** argv) {
  return ipb::process::Main(argc, argv, {ipb::reviews::Factory()}, ipb::people::Factory());
}
