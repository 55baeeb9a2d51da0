// One executable for CPU and GPU: it links LibTorch's CPU side only, and libtorch_cuda.so, which
// registers its kernels when it is loaded, is opened here when a GPU is wanted. LibTorch asks for
// CUDA once and remembers the answer, so this has to come first.
#include "theriac/train/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <thread>

#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::train {

namespace fs = std::filesystem;

namespace {

fs::path libtorch_folder() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(&at::get_num_threads), &info) == 0) return {};
  return fs::path(info.dli_fname).parent_path();
}

bool has_driver() { return fs::exists("/dev/nvidiactl") || fs::exists("/dev/dxg"); }

// Loads the CUDA side once; returns "" or why it cannot be used.
const std::string& cuda_problem() {
  static const std::string problem = []() -> std::string {
    const fs::path library = libtorch_folder() / "libtorch_cuda.so";
    if (!fs::exists(library))
      return "LibTorch's CUDA part is not installed (no " + library.string() +
             "); run scripts/setup.sh --cuda, or use device: cpu";
    if (!has_driver())
      return "no NVIDIA driver is running (no /dev/nvidiactl); install it, or use device: cpu";
    if (dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
      const char* reason = dlerror();
      return std::string("LibTorch's CUDA part cannot be loaded: ") + (reason ? reason : "?") +
             "; run scripts/setup.sh --cuda again, or use device: cpu";
    }
    if (at::detail::getCUDAHooks().getNumGPUs() == 0)
      return "the NVIDIA driver shows no GPU (see nvidia-smi and CUDA_VISIBLE_DEVICES); or use "
             "device: cpu";
    return "";
  }();
  return problem;
}

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name"))
      return std::string(core::trim(line.substr(line.find(':') + 1)));
  return "unknown processor";
}

// From the driver, which LibTorch's CUDA side has loaded and initialised.
std::string gpu_name(int index) {
  std::string name(256, '\0');
  int handle = 0;
  void* driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
  const auto get =
      driver ? reinterpret_cast<int (*)(int*, int)>(dlsym(driver, "cuDeviceGet")) : nullptr;
  const auto get_name =
      driver ? reinterpret_cast<int (*)(char*, int, int)>(dlsym(driver, "cuDeviceGetName"))
             : nullptr;
  if (!get || !get_name || get(&handle, index) != 0 ||
      get_name(name.data(), static_cast<int>(name.size()), handle) != 0)
    return "cuda:" + std::to_string(index);
  return name.c_str();
}

}  // namespace

torch::Device resolve_device(const std::string& name) {
  if (name == "cpu") return torch::kCPU;
  if (name == "auto") {
    if (!has_driver() || !cuda_problem().empty()) return torch::kCPU;
    return {torch::kCUDA, 0};
  }
  int index = 0;
  if (name.starts_with("cuda:")) {
    const char* end = name.data() + name.size();
    const auto [rest, error] = std::from_chars(name.data() + 5, end, index);
    if (error != std::errc() || rest != end || index < 0) index = -1;
  } else if (name != "cuda") {
    index = -1;
  }
  if (index < 0)
    throw Error("device: '" + name + "' is not a device; use auto, cpu, cuda or cuda:N");
  if (!cuda_problem().empty()) throw Error("device: " + name + ": " + cuda_problem());
  const int count = at::detail::getCUDAHooks().getNumGPUs();
  if (index >= count)
    throw Error(
        "device: there is no " + name + "; this machine has " + std::to_string(count) +
        (count == 1 ? " GPU (cuda:0)" : " GPUs, cuda:0 to cuda:" + std::to_string(count - 1)));
  return {torch::kCUDA, static_cast<c10::DeviceIndex>(index)};
}

std::vector<std::string> devices(const std::string& name) {
  const auto first = resolve_device(name);
  if (!first.is_cuda()) return {"cpu"};
  std::vector<std::string> result;
  const int count = name == "auto" || name == "cuda" ? at::detail::getCUDAHooks().getNumGPUs() : 1;
  for (int i = 0; i < count; ++i) result.push_back("cuda:" + std::to_string(first.index() + i));
  return result;
}

void set_threads(int threads) {
  at::set_num_threads(
      threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
}

std::string describe_device(torch::Device device) {
  if (device.is_cuda()) {
    return gpu_name(device.has_index() ? device.index() : 0);
  }
  const int threads = at::get_num_threads();
  return "cpu (" + cpu_name() + ", " + std::to_string(threads) +
         (threads == 1 ? " thread)" : " threads)");
}

}  // namespace theriac::train
