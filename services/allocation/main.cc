// Allocation in a process of its own.
#include "common/process/process.h"
#include "services/allocation/service.h"
#include "services/people/service.h"

int main(int argc, char** argv) {
  return ipb::process::Main(argc, argv, {ipb::allocation::Factory()}, ipb::people::Factory());
}
