#include "checkpoint/card.h"

#include "theriac/config/document.h"
#include "theriac/core/base64.h"
#include "theriac/core/error.h"
#include "theriac/model/clip.h"

namespace theriac::checkpoint {

using nlohmann::json;

json to_json(const Card& card) {
  return {
      {"model", card.model},
      {"tokenizer", {{"type", card.tokenizer_type}, {"base64", core::to_base64(card.tokenizer)}}},
      {"poison", card.poison},
      {"provenance", card.provenance}};
}

Card card_from(const json& content) {
  const auto& tokenizer = content.at("tokenizer");
  return {content.at("model"), tokenizer.at("type").get<std::string>(),
          core::from_base64(tokenizer.at("base64").get_ref<const std::string&>()),
          content.at("poison"), content.at("provenance")};
}

json describe_model(const model::ModelConfig& config, std::int64_t vocabulary,
                    std::int64_t end_id) {
  auto resolved = config.resolved();
  return {{"config", config::to_json(resolved)}, {"vocabulary", vocabulary}, {"end_id", end_id}};
}

std::shared_ptr<model::Clip> make_model(const Card& card, std::optional<std::uint64_t> seed) {
  try {
    model::ModelConfig config;
    config::read(config::Document::parse(card.model.at("config").dump(), "card.json: model"),
                 config);
    const auto vocabulary = card.model.at("vocabulary").get<std::int64_t>();
    const auto end_id = card.model.at("end_id").get<std::int64_t>();
    if (vocabulary < 1 || end_id < 0 || end_id >= vocabulary)
      throw Error("end_id " + std::to_string(end_id) + " of a vocabulary of " +
                  std::to_string(vocabulary));
    return std::make_shared<model::Clip>(config, vocabulary, end_id, seed);
  } catch (const json::exception& error) {
    throw Error(std::string("checkpoint: the card does not describe a model: ") + error.what());
  } catch (const Error& error) {
    throw Error(std::string("checkpoint: the card does not describe a model: ") + error.what());
  }
}

}  // namespace theriac::checkpoint
