package dev.snoozy.cli.bench;

import dev.snoozy.cli.NearNames;
import dev.snoozy.cli.WrongUseException;
import dev.snoozy.compress.Mixture;

import java.util.List;

/**
 * The types that a random model can have: what a quantizer can make, except that a number format
 * means all matrices here, so that a measurement is one of that format.
 */
final class RandomTypes {
    private RandomTypes() {}

    /** All that can be asked for. */
    static List<Mixture> all() {
        return Mixture.all().stream().map(RandomTypes::plain).toList();
    }

    /** Q2_K is the mixture of that name, as it is for llama.cpp. */
    private static Mixture plain(Mixture mixture) {
        boolean format = mixture.isNamedAfterType() && !mixture.name().equals("Q2_K");
        return format ? mixture.pure() : mixture;
    }

    /**
     * The mixture, or the single type, of that name.
     *
     * @throws WrongUseException if there is none, with the nearest names
     */
    static Mixture of(String name) {
        List<String> names = Mixture.all().stream().map(Mixture::name).toList();
        return Mixture.of(name)
                .map(RandomTypes::plain)
                .orElseThrow(() -> new WrongUseException(NearNames.unknown("--type", name, names)));
    }
}
