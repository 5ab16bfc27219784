// The care planning service.
#include "common/process/process.h"
#include "services/careplanning/service.h"
#include "services/people/service.h"

int main(int argc, char** argv) {
  return ipb::process::Main(argc, argv, {ipb::careplanning::Factory()}, ipb::people::Factory());
}
