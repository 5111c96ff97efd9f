package dev.snoozy.hub;

import dev.snoozy.hub.remote.GgufChoice;
import dev.snoozy.hub.remote.HuggingFaceApi;

import java.util.List;

/**
 * A repository of Hugging Face with GGUF models. Immutable.
 *
 * @param name {@code user/repository}
 * @param commit all of its models are pinned to
 * @param license by its short name, "" if it says none
 * @param isGated whether its terms must be accepted there first
 * @param offers its models, the smallest first
 */
public record RemoteRepository(
        String name, String commit, String license, boolean isGated, List<Offer> offers) {
    public RemoteRepository {
        offers = List.copyOf(offers);
    }

    /**
     * A model of it.
     *
     * @param quantization in capital letters, "" if the name of the file does not tell
     * @param reference by which it is pulled
     */
    public record Offer(String quantization, String reference, RemoteModel model) {}

    static RemoteRepository of(HuggingFaceApi.Repository found) {
        return new RemoteRepository(
                found.name(),
                found.commit(),
                found.license(),
                found.isGated(),
                found.offers().stream()
                        .map(offer ->
                                new Offer(
                                        offer.quantization(),
                                        offer.reference(),
                                        new RemoteModel(offer.model())))
                        .toList());
    }

    /** The model that is taken if nobody says which; the smallest if none is usual. */
    public Offer usual() {
        for (String wanted : GgufChoice.ORDER) {
            for (Offer offer : offers) {
                if (offer.quantization().equals(wanted)) {
                    return offer;
                }
            }
        }
        return offers.getFirst();
    }
}
