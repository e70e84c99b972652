"""The demonstration: a believable service with twelve weeks behind it, made from a seed."""

from server.demo.filling import SEED, SIGN_IN, DemoAccess, SignIn, fill, keep_sign_in, kept_sign_in, pairing_code

__all__ = ["SEED", "SIGN_IN", "DemoAccess", "SignIn", "fill", "keep_sign_in", "kept_sign_in", "pairing_code"]
