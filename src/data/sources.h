#pragma once

#include "theriac/data/source.h"

namespace theriac::data {

// The rows of the table; each is defined beside its source.
config::Entry<SourceConfig> caltech101();
config::Entry<SourceConfig> cifar100();
config::Entry<SourceConfig> csv();
config::Entry<SourceConfig> emoji();
config::Entry<SourceConfig> image_folder();
config::Entry<SourceConfig> imagenet();
config::Entry<SourceConfig> retrieval();
config::Entry<SourceConfig> subset();
config::Entry<SourceConfig> webdataset();

}  // namespace theriac::data
