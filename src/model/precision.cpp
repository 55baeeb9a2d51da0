#include "theriac/model/precision.h"

#include <ATen/autocast_mode.h>

namespace theriac::model {

Autocast::Autocast(torch::Device device, torch::Dtype dtype, bool enabled)
    : device_(device.type()),
      dtype_before_(at::autocast::get_autocast_dtype(device_)),
      enabled_before_(at::autocast::is_autocast_enabled(device_)) {
  at::autocast::set_autocast_enabled(device_, enabled);
  at::autocast::set_autocast_dtype(device_, dtype);
  at::autocast::increment_nesting();
}

Autocast::~Autocast() {
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(device_, enabled_before_);
  at::autocast::set_autocast_dtype(device_, dtype_before_);
}

}  // namespace theriac::model
