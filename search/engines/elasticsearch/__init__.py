"""The search engine on an Elasticsearch cluster, fed by the outbox. The only user of the client."""

from search.engines.elasticsearch.engine import ElasticsearchEngine

__all__ = ["ElasticsearchEngine"]
