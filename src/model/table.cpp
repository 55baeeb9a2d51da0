#include "model/resnet.h"
#include "model/vit.h"
#include "theriac/model/clip.h"

namespace theriac::model {

config::Table<ImageEncoderConfig>& image_encoders() {
  static config::Table<ImageEncoderConfig> table(
      "image encoder", {
                           config::entry<ImageEncoderConfig, ResNetConfig>(
                               "resnet", "CLIP's ResNet with attention pooling; defaults: RN50's"),
                           config::entry<ImageEncoderConfig, VitConfig>(
                               "vit", "CLIP's vision transformer; defaults: ViT-B/32's"),
                       });
  return table;
}

}  // namespace theriac::model
