"""The domains that ship: one folder each, all under the protocol of `catallax.protocol`."""
