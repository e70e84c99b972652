"""The demonstration: a believable service with twelve weeks behind it, made from a seed."""
