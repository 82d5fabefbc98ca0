"""What is talked of: hashtags and posts, found anew every few minutes. Nothing is shown that no moderator has approved.

tags, posts: for everybody, the approved ones
candidates_of_tags, candidates_of_posts: for the staff, all of them, with what was said of each
review_post (for hashtags: posts.review_tag)
find_trends(db): the round that counts
"""

from palabre.features.search.trends.find import find_trends
from palabre.features.search.trends.read import candidates_of_posts, candidates_of_tags, posts, review_post, tags

__all__ = ["candidates_of_posts", "candidates_of_tags", "find_trends", "posts", "review_post", "tags"]
