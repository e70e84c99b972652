"""Takes from this process what root may more than others: a file that nobody may write to is that for root too."""

import ctypes

VERSION, POWERS = 0x20080522, {1, 2, 3}  # capset(2): to write, to read and to own what others may not


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


_libc = ctypes.CDLL(None, use_errno=True)
_header, _data = _Header(VERSION, 0), (_Data * 2)()
if _libc.capget(ctypes.byref(_header), _data):
    raise OSError(ctypes.get_errno(), "capget")
for _power in POWERS:
    _data[0].effective &= ~(1 << _power)
    _data[0].permitted &= ~(1 << _power)
if _libc.capset(ctypes.byref(_header), _data):
    raise OSError(ctypes.get_errno(), "capset")
