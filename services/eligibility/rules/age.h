// Ages that decide who a regime is for.
#pragma once

namespace ipb::eligibility {

// Adult regimes begin and children's end at this age (Care Act 2014 s2(8); SI 2012/2996 reg 20; Children Act
// 1989 s105).
inline constexpr int kAdultAge = 18;

}  // namespace ipb::eligibility
