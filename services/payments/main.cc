// The payments service by itself.
#include "common/process/process.h"
#include "services/payments/service.h"
#include "services/people/service.h"

int main(int argc, char** argv) {
  return ipb::process::Main(argc, argv, {ipb::payments::Factory()}, ipb::people::Factory());
}
