"""Use cases: each public function is one transaction and reads like the story it tells."""
