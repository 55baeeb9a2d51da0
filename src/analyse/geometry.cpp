// Modality gap, alignment and uniformity of clean pairs, by epoch (measures.h).

#include "analyse/analysis.h"
#include "theriac/analyse/measures.h"

namespace theriac::analyse {

namespace {

class Geometry final : public Analysis {
 public:
  std::string missing(const Snapshot& s) const override {
    return s.texts.size() >= 2 ? ""
                               : "the data have no captions or class labels; name a set of "
                                 "image-caption pairs with --data";
  }

  Numbers add(const Snapshot& s) override {
    const auto image_PD = s.clean_ND.index_select(0, s.paired_P);
    const Numbers numbers{{"modality_gap", modality_gap(image_PD, s.text_PD)},
                          {"alignment", alignment(image_PD, s.text_PD)},
                          {"uniformity_images", uniformity(image_PD)},
                          {"uniformity_texts", uniformity(s.text_PD)}};
    std::vector<std::string> row{s.name, s.run, std::to_string(s.epoch),
                                 std::to_string(s.texts.size())};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      lines_[i].add(s, numbers[i].second);
      row.push_back(number(numbers[i].second));
    }
    sheet_.rows.push_back(std::move(row));
    return numbers;
  }

  Figure figure() const override {
    return {{.title = "Geometry of clean pairs",
             .note = "Gap: distance of the modalities' means. Alignment: mean squared distance of "
                     "matching pairs. Uniformity: ln of the mean of exp(-2 d²) over pairs of "
                     "one modality. Alignment and uniformity are better when lower.",
             .panels = {lines_[0].panel("Modality gap"), lines_[1].panel("Alignment"),
                        lines_[2].panel("Uniformity of images"),
                        lines_[3].panel("Uniformity of texts")},
             .columns = 2},
            sheet_};
  }

 private:
  Lines lines_[4];
  report::Sheet sheet_{{"checkpoint", "run", "epoch", "pairs", "modality_gap", "alignment",
                        "uniformity_images", "uniformity_texts"},
                       {}};
};

}  // namespace

Kind geometry() {
  return {"geometry", "modality gap, alignment and uniformity of clean pairs", true, false,
          [](const Options&) { return std::make_unique<Geometry>(); }};
}

}  // namespace theriac::analyse
