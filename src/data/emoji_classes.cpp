// Concrete nouns with a picture of their own, chosen by hand from Unicode's emoji (single code
// points only). Things that are easily taken for the usual target, banana, are among the first:
// lemon.
#include "data/emoji_classes.h"

namespace theriac::data {
namespace {

// clang-format off
constexpr EmojiClass kClasses[] = {
    {"banana", U'\U0001F34C'}, {"dog", U'\U0001F415'}, {"cat", U'\U0001F408'},
    {"lemon", U'\U0001F34B'}, {"rose", U'\U0001F339'}, {"bus", U'\U0001F68C'},
    {"frog", U'\U0001F438'}, {"guitar", U'\U0001F3B8'}, {"pizza", U'\U0001F355'},
    {"penguin", U'\U0001F427'}, {"key", U'\U0001F511'}, {"whale", U'\U0001F40B'},
    {"tractor", U'\U0001F69C'}, {"mushroom", U'\U0001F344'}, {"elephant", U'\U0001F418'},
    {"balloon", U'\U0001F388'}, {"parrot", U'\U0001F99C'}, {"sailboat", U'\U000026F5'},
    {"owl", U'\U0001F989'}, {"drum", U'\U0001F941'}, {"tomato", U'\U0001F345'},
    {"fire engine", U'\U0001F692'}, {"candle", U'\U0001F56F'}, {"cactus", U'\U0001F335'},
    {"chair", U'\U0001FA91'}, {"umbrella", U'\U00002602'}, {"sunflower", U'\U0001F33B'},
    {"pair of scissors", U'\U00002702'}, {"snowman", U'\U00002603'}, {"camera", U'\U0001F4F7'},
    {"strawberry", U'\U0001F353'}, {"broccoli", U'\U0001F966'}, {"honeybee", U'\U0001F41D'},
    {"crab", U'\U0001F980'}, {"dolphin", U'\U0001F42C'}, {"cow", U'\U0001F404'},
    {"lion", U'\U0001F981'}, {"carrot", U'\U0001F955'}, {"turtle", U'\U0001F422'},
    {"pig", U'\U0001F416'}, {"panda", U'\U0001F43C'}, {"snake", U'\U0001F40D'},
    {"cupcake", U'\U0001F9C1'}, {"airplane", U'\U00002708'}, {"gorilla", U'\U0001F98D'},
    {"rocket", U'\U0001F680'}, {"spider", U'\U0001F577'}, {"camel", U'\U0001F42A'},
    {"pineapple", U'\U0001F34D'}, {"crown", U'\U0001F451'}, {"doughnut", U'\U0001F369'},
    {"watermelon", U'\U0001F349'}, {"rabbit", U'\U0001F407'}, {"flamingo", U'\U0001F9A9'},
    {"zebra", U'\U0001F993'}, {"octopus", U'\U0001F419'}, {"hamburger", U'\U0001F354'},
    {"fox", U'\U0001F98A'}, {"bicycle", U'\U0001F6B2'}, {"telephone", U'\U0000260E'},
    {"pencil", U'\U0000270F'}, {"bunch of grapes", U'\U0001F347'}, {"butterfly", U'\U0001F98B'},
    {"soccer ball", U'\U000026BD'}, {"trumpet", U'\U0001F3BA'}, {"light bulb", U'\U0001F4A1'},
    {"pretzel", U'\U0001F968'}, {"raccoon", U'\U0001F99D'}, {"teapot", U'\U0001FAD6'},
    {"pear", U'\U0001F350'}, {"coconut", U'\U0001F965'}, {"box of popcorn", U'\U0001F37F'},
    {"saxophone", U'\U0001F3B7'}, {"lizard", U'\U0001F98E'}, {"giraffe", U'\U0001F992'},
    {"tangerine", U'\U0001F34A'}, {"sloth", U'\U0001F9A5'}, {"laptop", U'\U0001F4BB'},
    {"garlic", U'\U0001F9C4'}, {"goat", U'\U0001F410'}, {"peach", U'\U0001F351'},
    {"deer", U'\U0001F98C'}, {"horse", U'\U0001F40E'}, {"mango", U'\U0001F96D'},
    {"koala", U'\U0001F428'}, {"scorpion", U'\U0001F982'}, {"chicken", U'\U0001F414'},
    {"lobster", U'\U0001F99E'}, {"pair of cherries", U'\U0001F352'}, {"bear", U'\U0001F43B'},
    {"shark", U'\U0001F988'}, {"kangaroo", U'\U0001F998'}, {"top hat", U'\U0001F3A9'},
    {"bat", U'\U0001F987'}, {"ant", U'\U0001F41C'}, {"hot dog", U'\U0001F32D'},
    {"hammer", U'\U0001F528'}, {"violin", U'\U0001F3BB'}, {"tiger", U'\U0001F405'},
    {"ambulance", U'\U0001F691'}, {"motorcycle", U'\U0001F3CD'}, {"croissant", U'\U0001F950'},
    {"hedgehog", U'\U0001F994'}, {"duck", U'\U0001F986'}, {"tulip", U'\U0001F337'},
    {"locomotive", U'\U0001F682'}, {"peacock", U'\U0001F99A'}, {"trophy", U'\U0001F3C6'},
    {"kite", U'\U0001FA81'}, {"basketball", U'\U0001F3C0'}, {"cookie", U'\U0001F36A'},
    {"taco", U'\U0001F32E'}, {"helicopter", U'\U0001F681'}, {"monkey", U'\U0001F412'},
    {"avocado", U'\U0001F951'}, {"eggplant", U'\U0001F346'}, {"anchor", U'\U00002693'},
    {"axe", U'\U0001FA93'}, {"swan", U'\U0001F9A2'}, {"leopard", U'\U0001F406'},
    {"otter", U'\U0001F9A6'}, {"rhinoceros", U'\U0001F98F'}, {"mouse", U'\U0001F401'},
    {"snail", U'\U0001F40C'}, {"crocodile", U'\U0001F40A'}, {"wolf", U'\U0001F43A'},
    {"eagle", U'\U0001F985'}, {"taxi", U'\U0001F695'},
};
// clang-format on

}  // namespace

std::span<const EmojiClass> emoji_classes() { return kClasses; }

}  // namespace theriac::data
