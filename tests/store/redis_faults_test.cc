namespace ipb::store {}
