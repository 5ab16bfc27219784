// ipb-bench-people COUNT FILE: writes made-up people as cases of a simulation, in the form of .binpb.
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "google/protobuf/util/delimited_message_util.h"
#include "tests/bench/people.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: ipb-bench-people COUNT FILE\n");
    return 2;
  }
  std::ofstream out(argv[2], std::ios::binary);
  ipb::bench::People people;
  ipb::v1::SimulationCase one;
  for (int64_t left = std::atoll(argv[1]); left > 0; --left) {
    people.Next(one);
    google::protobuf::util::SerializeDelimitedToOstream(one, &out);
  }
  out.close();
  return out ? 0 : 1;
}
