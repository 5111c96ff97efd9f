package dev.snoozy.studio.models;

import dev.snoozy.engine.LanguageModel;
import dev.snoozy.format.AvailableMemory;
import dev.snoozy.format.GgufHeader;
import dev.snoozy.hub.Catalogue;
import dev.snoozy.hub.CatalogueEntry;
import dev.snoozy.hub.FoundRepository;
import dev.snoozy.hub.Hub;
import dev.snoozy.hub.HubException;
import dev.snoozy.hub.RemoteModel;
import dev.snoozy.hub.RemoteRepository;
import dev.snoozy.server.http.HttpProblem;
import dev.snoozy.server.http.HttpProblem.Kind;
import dev.snoozy.server.http.Json;
import dev.snoozy.server.models.ModelFiles;
import dev.snoozy.studio.api.ApiRoutes;
import dev.snoozy.studio.api.Call;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the page asks about models that can be had. The catalogue asks nobody; the network is asked
 * when somebody searches or looks into a repository.
 */
public final class HubApi {
    private static final int USUAL_FOUND = 20;
    private static final int MOST_FOUND = 50;

    /** Packed weights and a chat take more than the file, by about so much. */
    private static final double ALLOWANCE = 1.2;

    private final @Nullable Hub hub;
    private final MemoryCheck memory;
    private final ModelFiles files;

    /**
     * @param hub that is asked, or null if nobody is
     * @param files that are here already
     */
    public HubApi(@Nullable Hub hub, MemoryCheck memory, ModelFiles files) {
        this.hub = hub;
        this.memory = memory;
        this.files = files;
    }

    /** Adds what may be asked. */
    public void addTo(ApiRoutes routes) {
        routes.on("GET", "/catalogue", this::catalogue);
        routes.on("GET", "/hub/search", this::search);
        routes.on("GET", "/hub/repository", this::repository);
    }

    private void catalogue(Call call) {
        Set<String> here = here();
        ArrayNode list = Json.array();
        for (CatalogueEntry entry : Catalogue.entries()) {
            ObjectNode node = list.addObject();
            node.put("repository", entry.repository());
            node.put("title", entry.title());
            node.put("license", entry.license());
            node.put("parameters", entry.parameters());
            node.put("contextLength", entry.contextLength());
            ArrayNode purposes = node.putArray("purposes");
            entry.purposes().forEach(purposes::add);
            ArrayNode offers = node.putArray("offers");
            for (CatalogueEntry.Quantization quantization : entry.quantizations()) {
                GgufHeader header = entry.header(quantization);
                ObjectNode offer = offers.addObject();
                offer.put("quantization", quantization.name());
                offer.put("reference", entry.reference(quantization));
                offer.put("bytes", quantization.bytes());
                offer.put("here", isHere(here, entry.repository(), quantization.name()));
                offer.set(
                        "fit",
                        memory.of(header.metadata(), header.tensors(), quantization.bytes())
                                .now()
                                .put("basis", "size"));
            }
        }
        call.json(Json.object().set("models", list));
    }

    private Set<String> here() {
        return files.all().stream()
                .map(entry -> entry.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    private static boolean isHere(Set<String> here, String repository, String quantization) {
        String name = repository.toLowerCase(Locale.ROOT);
        return here.contains(name + ":" + quantization.toLowerCase(Locale.ROOT));
    }

    /** What asks the network. */
    @FunctionalInterface
    private interface Asking<T> {
        T ask(Hub hub) throws InterruptedException;
    }

    private <T> T asked(Call call, Asking<T> asking) {
        call.refuseOtherSites();
        if (hub == null) {
            throw new HttpProblem(Kind.FORBIDDEN, "this server asks nobody on the network");
        }
        try {
            return asking.ask(hub);
        } catch (HubException e) {
            throw new HttpProblem(Kind.FAILED, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HttpProblem(Kind.UNAVAILABLE, "interrupted");
        }
    }

    private void search(Call call) {
        int limit = call.query("limit", 1, MOST_FOUND, USUAL_FOUND);
        String text = call.query("q");
        if (text.isBlank()) {
            throw HttpProblem.invalid("q", "expected what to search for, found nothing");
        }
        ArrayNode list = Json.array();
        for (FoundRepository found : asked(call, asked -> asked.search(text, limit))) {
            list.addObject()
                    .put("name", found.name())
                    .put("downloads", found.downloads())
                    .put("likes", found.likes())
                    .put("license", found.license())
                    .put("gated", found.isGated());
        }
        call.json(Json.object().set("repositories", list));
    }

    private void repository(Call call) {
        String name = call.query("name");
        RemoteRepository repository = asked(call, asked -> asked.repository(name));
        ObjectNode node = Json.object();
        node.put("name", repository.name());
        node.put("commit", repository.commit());
        node.put("license", repository.license());
        node.put("gated", repository.isGated());
        ArrayNode offers = node.putArray("offers");
        if (!repository.offers().isEmpty()) {
            RemoteRepository.Offer read = repository.usual();
            Optional<GgufHeader> header = asked(call, asked -> header(asked, read.model(), node));
            Set<String> here = here();
            for (RemoteRepository.Offer offer : repository.offers()) {
                offers.add(offer(offer, read, header, here));
            }
        }
        call.json(node);
    }

    /** The header of one model, by which all are judged; where it cannot be had, the reason is. */
    private static Optional<GgufHeader> header(Hub hub, RemoteModel model, ObjectNode node)
            throws InterruptedException {
        try {
            GgufHeader header = hub.header(model);
            String architecture = header.metadata().string("general.architecture", "");
            node.put("architecture", architecture);
            node.put("supported", LanguageModel.architectures().contains(architecture));
            return Optional.of(header);
        } catch (HubException e) {
            node.put("note", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private ObjectNode offer(
            RemoteRepository.Offer offer,
            RemoteRepository.Offer read,
            Optional<GgufHeader> header,
            Set<String> here) {
        RemoteModel model = offer.model();
        ObjectNode node = Json.object();
        node.put("quantization", offer.quantization());
        node.put("reference", offer.reference());
        node.put("name", model.name().toString());
        node.put("bytes", model.bytes());
        ArrayNode parts = node.putArray("files");
        for (RemoteModel.File file : model.files()) {
            parts.addObject()
                    .put("name", file.name())
                    .put("bytes", file.bytes())
                    .put("sha256", file.sha256());
        }
        node.put("here", here.contains(model.name().toString().toLowerCase(Locale.ROOT)));
        node.set("fit", fit(model, offer.equals(read) && parts.size() == 1, header));
        return node;
    }

    /** By the model's own header if that was read, else by its size beside another's. */
    private ObjectNode fit(RemoteModel model, boolean isRead, Optional<GgufHeader> header) {
        if (header.isEmpty()) {
            return bySize(model.bytes());
        }
        long bytes = isRead ? 0 : Math.max(1, model.bytes());
        ObjectNode fit = memory.of(header.get().metadata(), header.get().tensors(), bytes).now();
        return fit.put("basis", isRead ? "header" : "size");
    }

    private static ObjectNode bySize(long bytes) {
        ObjectNode node = Json.object();
        long need = Math.round(ALLOWANCE * bytes);
        OptionalLong free = AvailableMemory.here();
        node.put("need", need).put("basis", "size");
        if (free.isPresent()) {
            node.put("free", free.getAsLong()).put("fits", need <= free.getAsLong());
        }
        return node;
    }
}
