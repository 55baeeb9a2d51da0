#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

namespace theriac::train {

// "auto", "cpu", "cuda", "cuda:N". auto = the first CUDA device, else the CPU. Loads the CUDA side
// of LibTorch (libtorch_cuda.so, when it is installed) on the first request for it; must be called
// before any other question about devices. Error says why CUDA cannot be used and what to install.
torch::Device resolve_device(const std::string& name);
// The devices that `name` allows work on side by side: every GPU for auto and cuda, else the one it
// names. Error as above.
std::vector<std::string> devices(const std::string& name);
void set_threads(int threads);  // intra-op threads of this process; 0 = all cores
std::string describe_device(torch::Device device);  // "cpu (AMD EPYC, 1 thread)", "NVIDIA H100"

}  // namespace theriac::train
