package dev.snoozy.springai;

import static java.util.Objects.requireNonNull;

import dev.snoozy.engine.EmbeddingModel;
import dev.snoozy.engine.LanguageModel;

import io.micrometer.observation.ObservationRegistry;

import org.springframework.ai.chat.observation.ChatModelObservationConvention;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationConvention;
import org.springframework.ai.model.SpringAIModelProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Gives an application of Spring Boot a chat model where {@code snoozy.chat.model} names a file,
 * and an embedding model where {@code snoozy.embedding.model} does. With providers beside this one,
 * {@code spring.ai.model.chat} and {@code spring.ai.model.embedding} choose, as they do among
 * Spring AI's own; ours is called {@code snoozy}. The application closes the models.
 */
@AutoConfiguration
@EnableConfigurationProperties(SnoozyProperties.class)
public class SnoozyAutoConfiguration {
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty("snoozy.chat.model")
    @ConditionalOnProperty(
            name = SpringAIModelProperties.CHAT_MODEL,
            havingValue = SnoozyChatModel.PROVIDER,
            matchIfMissing = true)
    static class Chat {
        @Bean
        @ConditionalOnMissingBean
        LanguageModel snoozyLanguageModel(SnoozyProperties properties) throws IOException {
            SnoozyProperties.Chat chat = requireNonNull(properties.chat());
            return LanguageModel.load(Path.of(chat.model()), chat.loading());
        }

        @Bean
        @ConditionalOnMissingBean
        SnoozyChatModel snoozyChatModel(
                LanguageModel model,
                SnoozyProperties properties,
                ObjectProvider<ObservationRegistry> observations,
                ObjectProvider<ChatModelObservationConvention> convention) {
            return SnoozyChatModel.builder(model)
                    .options(requireNonNull(properties.chat()).options())
                    .observationRegistry(observations.getIfUnique(() -> ObservationRegistry.NOOP))
                    .observationConvention(convention.getIfAvailable())
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty("snoozy.embedding.model")
    @ConditionalOnProperty(
            name = SpringAIModelProperties.EMBEDDING_MODEL,
            havingValue = SnoozyChatModel.PROVIDER,
            matchIfMissing = true)
    static class Embedding {
        @Bean
        @ConditionalOnMissingBean
        EmbeddingModel snoozyEncoder(SnoozyProperties properties) throws IOException {
            SnoozyProperties.Embedding embedding = requireNonNull(properties.embedding());
            return EmbeddingModel.load(Path.of(embedding.model()), embedding.loading());
        }

        @Bean
        @ConditionalOnMissingBean
        SnoozyEmbeddingModel snoozyEmbeddingModel(
                EmbeddingModel model,
                SnoozyProperties properties,
                ObjectProvider<ObservationRegistry> observations,
                ObjectProvider<EmbeddingModelObservationConvention> convention) {
            SnoozyProperties.Embedding embedding = requireNonNull(properties.embedding());
            Integer dimensions = embedding.dimensions();
            return SnoozyEmbeddingModel.builder(model)
                    .dimensions(dimensions == null ? 0 : dimensions)
                    .retrieval(embedding.retrieval())
                    .observationRegistry(observations.getIfUnique(() -> ObservationRegistry.NOOP))
                    .observationConvention(convention.getIfAvailable())
                    .build();
        }
    }
}
